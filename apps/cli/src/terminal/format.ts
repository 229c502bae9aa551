import type { Usage } from '@subagent-mcp/contract'

/** A time span in one unit, for a table: `4s`, `3m`, `2h`, `5d`. */
export function shortSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}

/** A time span for a sentence: `1.2 s`, `48 s`, `3 min 4 s`, `2 h 5 min`. */
export function longSpan(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds / 1000)
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** A number of tokens: `950`, `1.2k`, `12k`, `3.4M`. */
export function count(number: number): string {
  if (number < 1000) return `${number}`
  if (number < 999_500) return scaled(number / 1000, 'k')
  return scaled(number / 1_000_000, 'M')
}

/** What a turn took of tokens and money, as far as its provider says: `12k tokens in (10k cached), 800 out, $0.04`. */
export function usageText({
  inputTokens = 0,
  cachedInputTokens = 0,
  outputTokens = 0,
  costUsd = 0,
}: Usage): string {
  const cached = cachedInputTokens > 0 ? ` (${count(cachedInputTokens)} cached)` : ''
  return [
    ...(inputTokens > 0 ? [`${count(inputTokens)} tokens in${cached}`] : []),
    ...(outputTokens > 0 ? [`${count(outputTokens)}${inputTokens > 0 ? '' : ' tokens'} out`] : []),
    ...(costUsd >= 0.0001 ? [money(costUsd)] : []),
  ].join(', ')
}

/** `$0.04`, `$0.0004`. */
export function money(dollars: number): string {
  return `$${dollars.toFixed(dollars < 0.01 ? 4 : 2)}`
}

/** `190 MB`, of 1024² bytes each, as in the configuration. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MB`
}

/** `1 agent`, `2 agents`. */
export function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function scaled(number: number, unit: string): string {
  return `${number < 9.95 ? number.toFixed(1) : Math.round(number)}${unit}`
}
