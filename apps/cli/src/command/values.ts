import { z } from 'zod'
import type { CompletionNameKind } from '../help/commands-help.js'

/** Notes for the help and the parser about an option or an argument, besides its schema. */
export type CliParamNotes = {
  /** Replaces the schema's own description in help. */
  description?: string
  /** The placeholder for the value in help, as in `--cwd <folder>`. */
  hint?: string
  /** The letter of the option's short form, as `y` for `-y`. */
  short?: string
  /** The end of an error such as "--budget-usd takes …": which values are valid. */
  takes?: string
  /** Words that users may expect to be among the choices, each with what to use instead. */
  refused?: Readonly<Record<string, string>>
  /** The names that completions offer as its value. */
  names?: CompletionNameKind
  /** Whether the option may be given without a value. Its value is then `true`. */
  isValueOptional?: boolean
}

/** The notes of all schemas, including schemas of other packages. */
export const paramNotes = z.registry<CliParamNotes>()

export function boolArg(description: string, short?: string) {
  const schema = z.boolean().default(false).describe(description)
  return short === undefined ? schema : schema.register(paramNotes, { short })
}

/** An option or argument: a text that is not empty. `hint` is the placeholder in help: `<folder>`. */
export function textArg(hint: string, description: string, notes: CliParamNotes = {}) {
  return z
    .string()
    .regex(/\S/, 'is empty')
    .describe(description)
    .register(paramNotes, { hint, ...notes })
}

export function choiceArg<const Words extends readonly string[]>(words: Words, description: string) {
  return z.enum(words).describe(description)
}

/** An option or argument: a whole number within bounds. */
export function wholeNumberArg({ least = 1, most = 1_000_000_000 }, description: string) {
  return z.int().min(least).max(most).describe(description).register(paramNotes, { hint: 'number' })
}

/** Words separated by commas, without repetitions; commas inside of parentheses belong to the word. May be empty. */
export function commaListArg(hint: string, description: string) {
  return z
    .string()
    .transform((value) => {
      const words = value.split(/,(?![^(]*\))/).map((word) => word.trim())
      return [...new Set(words.filter((word) => word !== ''))]
    })
    .describe(description)
    .register(paramNotes, { hint })
}

/** An option or argument: a time span such as `90`, `90s`, `15m`, `12h` or `7d`; its value is in seconds. */
export function timeSpanArg(description: string) {
  return z
    .string()
    .transform((value, context) => {
      const seconds = secondsOf(value)
      if (seconds !== undefined) return seconds
      context.issues.push({ code: 'custom', message: noTimeSpan(value), input: value })
      return z.NEVER
    })
    .describe(description)
    .register(paramNotes, { hint: 'time' })
}

/** An option that may be followed by a time span; its value is in seconds, `true` without a time span. */
export function optionalTimeSpanArg(description: string) {
  return z
    .union([z.literal(true), timeSpanArg(description)], { error: ({ input }) => noTimeSpan(String(input)) })
    .describe(description)
    .register(paramNotes, { hint: 'time', isValueOptional: true })
}

function noTimeSpan(value: string): string {
  return `takes a time as in 90s, 15m, 12h or 7d, not '${value}'`
}

function secondsOf(value: string): number | undefined {
  const [, digits, unit = 's'] = /^(\d{1,9}(?:\.\d+)?)([smhd])?$/.exec(value) ?? []
  return digits === undefined ? undefined : Number(digits) * (secondsIn[unit] ?? 1)
}

const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

export function restWordsArg(description: string, notes: CliParamNotes = {}) {
  return z.array(z.string().regex(/\S/, 'is empty')).describe(description).register(paramNotes, notes)
}

/** All remaining arguments as one text, joined by spaces; absent if there are none. */
export function joinedTextArg(description: string) {
  return z
    .array(z.string())
    .refine((all) => all.length === 0 || all.join('').trim() !== '', 'is empty')
    .transform((all) => (all.length === 0 ? undefined : all.join(' ')))
    .describe(description)
}

export const jsonFlag = boolArg('Print the result as JSON instead of text, for scripts')

export const yesFlag = boolArg('Do not ask for confirmation, as in scripts', 'y')

export const cwdFlag = textArg(
  'folder',
  'Folder of the project (default: the current folder)',
).exactOptional()

/** The option `--file`, which can be repeated: files that a task or message hands to the agent. */
export const fileFlag = z
  .array(z.string().regex(/\S/, 'is empty'))
  .describe('File to attach: of an image the content, of others the path. Can be repeated')
  .register(paramNotes, { hint: 'path' })
  .exactOptional()

/** A positional argument: a running agent, as `chooseAgent` finds it. */
export const agentArgument = textArg(
  'agent',
  'Agent, by id, first characters of its id, or name (see subagent-mcp ps)',
  {
    names: 'agents',
  },
)

/** A positional argument that may be left out: the agent that `chooseNewest` finds. */
export const newestAgentArgument = textArg(
  'agent',
  'Agent, by id or name (default: the last launched of this project)',
  {
    names: 'agents',
  },
).exactOptional()
