import { inputError } from '@subagent-mcp/api'
import type { z } from 'zod'

/** A flag that takes a text, as the parser and the help know it. */
type TextFlag = { type: 'string'; valueHint: string; description: string }

/** The flags for options of a launch: each is a text on the command line. */
export function launchFlags<Shape extends Readonly<Record<string, z.ZodType<string | undefined>>>>(
  shape: Shape,
): Record<keyof Shape, TextFlag>
export function launchFlags(shape: Readonly<Record<string, z.ZodType>>): Record<string, TextFlag> {
  return Object.fromEntries(
    Object.entries(shape).map(([option, { description = '' }]) => [
      option,
      { type: 'string', valueHint: valueHints[option] ?? 'name', description },
    ]),
  )
}

const valueHints: Readonly<Record<string, string>> = { effort: 'level', permissions: 'preset', cwd: 'folder' }

/** An option as it is written on the command line. */
export function flagName(option: string): string {
  return `--${option}`
}

/** Parses the values of flags. @throws SubagentError that names the flag, with `usage` as its hint */
export function readFlags<Schema extends z.ZodType>(
  schema: Schema,
  values: object,
  usage: string,
): z.output<Schema> {
  const parsed = schema.safeParse(values)
  if (parsed.success) return parsed.data
  throw inputError(parsed.error, { taker: 'the command', hint: usage, nameOf: flagName })
}
