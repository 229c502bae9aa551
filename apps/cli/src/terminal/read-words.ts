import { SubagentError } from '@subagent-mcp/contract'
import { parseArgs, type ParseArgsConfig } from 'node:util'

/** Flags as Node parses them and as the help shows them. */
export type Flags = NonNullable<ParseArgsConfig['options']>

/**
 * Reads the words after a command: citty would pass by what it does not know.
 * @throws SubagentError `unknown-parameter` that names the word, with `usage` as its hint
 */
export function readWords<const Known extends Flags>(
  words: readonly string[],
  flags: Known,
  usage: string,
): ReadWords<Known> {
  try {
    return parseArgs({ args: [...words], options: flags, allowPositionals: true })
  } catch (cause) {
    // Node's words for a wrong use; anything else is a bug.
    if (!(cause instanceof TypeError)) throw cause
    throw wrongUse(cause.message.split(/\.\s/)[0] ?? cause.message, usage)
  }
}

/** What was given of each flag, and the words that are no flags. */
export type ReadWords<Known extends Flags> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Known; allowPositionals: true }>
>

/** A word that may not be there, or is missing. */
export function wrongUse(message: string, usage: string): SubagentError {
  return new SubagentError('unknown-parameter', message, { hint: usage })
}

/** The one word that a command takes. @throws SubagentError */
export function onlyWord(words: readonly string[], name: string, usage: string): string {
  const [word, surplus] = words
  if (word === undefined || word.trim() === '') throw wrongUse(`there is no ${name}`, usage)
  if (surplus !== undefined) throw wrongUse(`there is a '${surplus}' too many`, usage)
  return word
}

/** Refuses words that are no flags. @throws SubagentError */
export function noWord([surplus]: readonly string[], usage: string): void {
  if (surplus !== undefined) throw wrongUse(`there is a '${surplus}' too many`, usage)
}

/** Refuses flags that were given with nothing in them. @throws SubagentError */
export function noEmptyFlag(values: Readonly<Record<string, string>>, usage: string): void {
  for (const [flag, value] of Object.entries(values))
    if (value.trim() === '') throw wrongUse(`--${flag} is empty`, usage)
}

/** A time span such as `90`, `90s`, `15m`, `12h`, `7d`, in seconds. @throws SubagentError */
export function readSpan(text: string, flag: string, usage: string): number {
  const [, digits, unit = 's'] = /^(\d{1,9}(?:\.\d+)?)([smhd])?$/.exec(text) ?? []
  if (digits === undefined)
    throw wrongUse(`${flag} takes a time as in 90s, 15m, 12h or 7d, not '${text}'`, usage)
  return Number(digits) * (secondsIn[unit] ?? 1)
}

const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
