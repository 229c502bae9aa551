import { z } from 'zod'
import type { CompletionNameKind } from '../help/commands-help.js'

/** Notes on a command-line option that its zod schema cannot hold: for its help, its parser and the completions of shells. */
export type CliParamNotes = {
  /** Replaces the schema's own description in help. */
  description?: string
  /** The placeholder for the value in help, as in `--cwd <folder>`. */
  hint?: string
  /** The letter of the option's short form, as `y` for `-y`. */
  short?: string
  /** The end of an error such as "--budget-usd takes …": which values are valid. */
  takes?: string
  /** Values that users may expect but that are not accepted, each with what to use instead. */
  refused?: Readonly<Record<string, string>>
  /** The kind of names that the shell completes as the value of the option, such as names of agents. */
  names?: CompletionNameKind
  /** Whether the option may be given without a value. Its value is then `true`. */
  isValueOptional?: boolean
}

/** The notes on command-line options by their schemas, some of which other packages declare. */
export const cliParamNotes = z.registry<CliParamNotes>()

export function booleanArgSchema(description: string, short?: string) {
  const schema = z.boolean().default(false).describe(description)
  return short === undefined ? schema : schema.register(cliParamNotes, { short })
}

/** The schema of an option or argument that is a text, not empty. Help shows `hint` in place of the value, as `<folder>`. */
export function textArgSchema(hint: string, description: string, notes: CliParamNotes = {}) {
  return z
    .string()
    .regex(/\S/, 'is empty')
    .describe(description)
    .register(cliParamNotes, { hint, ...notes })
}

export function choiceArgSchema<const Words extends readonly string[]>(words: Words, description: string) {
  return z.enum(words).describe(description)
}

/** The schema of an option or argument that is a whole number within bounds. */
export function integerArgSchema({ least = 1, most = 1_000_000_000 }, description: string) {
  return z.int().min(least).max(most).describe(description).register(cliParamNotes, { hint: 'number' })
}

/** The schema of a list of words with commas between them. Commas within parentheses belong to a word; repeated words are dropped. */
export function commaListArgSchema(hint: string, description: string) {
  return z
    .string()
    .transform((value) => {
      const words = value.split(/,(?![^(]*\))/).map((word) => word.trim())
      return [...new Set(words.filter((word) => word !== ''))]
    })
    .describe(description)
    .register(cliParamNotes, { hint })
}

/** The schema of a time span such as `90`, `90s`, `15m`, `12h` or `7d`. The parsed value is in seconds. */
export function timeSpanArgSchema(description: string) {
  return z
    .string()
    .transform((value, context) => {
      const seconds = secondsOf(value)
      if (seconds !== undefined) return seconds
      context.issues.push({ code: 'custom', message: noTimeSpan(value), input: value })
      return z.NEVER
    })
    .describe(description)
    .register(cliParamNotes, { hint: 'time' })
}

/** The schema of an option that a time span may follow. The parsed value is in seconds, or `true` without a time span. */
export function optionalTimeSpanArgSchema(description: string) {
  return z
    .union([z.literal(true), timeSpanArgSchema(description)], {
      error: ({ input }) => noTimeSpan(String(input)),
    })
    .describe(description)
    .register(cliParamNotes, { hint: 'time', isValueOptional: true })
}

function noTimeSpan(value: string): string {
  return `takes a time as in 90s, 15m, 12h or 7d, not '${value}'`
}

function secondsOf(value: string): number | undefined {
  const [, digits, unit = 's'] = /^(\d{1,9}(?:\.\d+)?)([smhd])?$/.exec(value) ?? []
  return digits === undefined ? undefined : Number(digits) * (secondsIn[unit] ?? 1)
}

const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** The schema of all remaining arguments of a command line, or of an option that can be repeated. */
export function remainingWordsArgSchema(description: string, notes: CliParamNotes = {}) {
  return z.array(z.string().regex(/\S/, 'is empty')).describe(description).register(cliParamNotes, notes)
}

/** The schema of all remaining arguments of a command line, joined by spaces to one text; `undefined` without arguments. */
export function joinedWordsArgSchema(description: string) {
  return z
    .array(z.string())
    .refine((all) => all.length === 0 || all.join('').trim() !== '', 'is empty')
    .transform((all) => (all.length === 0 ? undefined : all.join(' ')))
    .describe(description)
}

export const jsonFlag = booleanArgSchema('Print the result as JSON instead of text, for scripts')

export const yesFlag = booleanArgSchema('Do not ask for confirmation, as in scripts', 'y')

export const cwdFlag = textArgSchema(
  'folder',
  'Folder of the project (default: the current folder)',
).exactOptional()

/** The option `--file`, which can be repeated: files that a task or message hands to the agent. */
export const fileFlag = remainingWordsArgSchema(
  'File to attach: of an image the content, of others the path. Can be repeated',
  { hint: 'path' },
).exactOptional()

/** The argument `<agent>` of commands about one agent. */
export const agentArgument = textArgSchema(
  'agent',
  'Agent, by id, first characters of its id, or name (see subagent-mcp ps)',
  {
    names: 'agents',
  },
)

/** The optional argument `<agent>` of commands that take the newest agent by default. */
export const newestAgentArgument = textArgSchema(
  'agent',
  'Agent, by id or name (default: the last launched of this project)',
  {
    names: 'agents',
  },
).exactOptional()
