import { formatLocalDate, type TurnUsage } from '@subagent-mcp/contract'
import { sep } from 'node:path'

/** Formats a time span in one unit, for a table: `4s`, `3m`, `2h`, `5d`. */
export function formatShortTimeSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}

/** Formats a time span for a sentence: `1.2 s`, `48 s`, `3 min 4 s`, `2 h 5 min`. */
export function formatLongTimeSpan(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds / 1000)
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** Formats a time (Unix ms) as the local time of day: `14:02:11`. */
export function formatClockTime(at: number): string {
  const time = new Date(at)
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':')
}

/** Formats a time (Unix ms) as date and time in the local time zone: `2026-11-21 14:02:11`. */
export function formatLocalDateTime(at: number): string {
  return `${formatLocalDate(at)} ${formatClockTime(at)}`
}

function twoDigits(number: number): string {
  return `${number}`.padStart(2, '0')
}

/** Formats a number of tokens: `950`, `1.2k`, `12k`, `3.4M`. */
export function formatCount(number: number): string {
  if (number < 1000) return `${number}`
  if (number < 999_500) return scaled(number / 1000, 'k')
  return scaled(number / 1_000_000, 'M')
}

/** Formats the tokens and the cost of a turn, as far as its provider reports them: `12k tokens in (10k cached), 800 out, $0.04`. */
export function formatTurnUsage({
  inputTokens = 0,
  cachedInputTokens = 0,
  outputTokens = 0,
  costUsd = 0,
}: TurnUsage): string {
  const cached = cachedInputTokens > 0 ? ` (${formatCount(cachedInputTokens)} cached)` : ''
  return [
    ...(inputTokens > 0 ? [`${formatCount(inputTokens)} tokens in${cached}`] : []),
    ...(outputTokens > 0 ? [`${formatCount(outputTokens)}${inputTokens > 0 ? '' : ' tokens'} out`] : []),
    ...(costUsd >= 0.0001 ? [formatDollars(costUsd)] : []),
  ].join(', ')
}

export function formatDollars(dollars: number): string {
  return `$${dollars.toFixed(dollars < 0.01 ? 4 : 2)}`
}

/** Formats bytes as `190 MB`, where 1 MB is 1024² bytes, as in the configuration. */
export function formatMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MB`
}

export { formatCountWithNoun } from '@subagent-mcp/contract'

/** Returns a path with `~` in place of the home folder. */
export function formatShortPath(path: string, home: string): string {
  if (path === home) return '~'
  return path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path
}

function scaled(number: number, unit: string): string {
  return `${number < 9.95 ? number.toFixed(1) : Math.round(number)}${unit}`
}
