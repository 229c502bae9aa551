import { z } from 'zod'
import { cliParamNotes, type CliParamNotes } from './arg-schemas.js'

/** An option or argument of a command, as the parser, the help and the completions need it. */
export type CliParameter = CliParamNotes & {
  /** `toggle` is an option without a value; `rest` takes all remaining arguments, or is an option that can be repeated. */
  kind: 'toggle' | 'number' | 'text' | 'rest'
  description: string
  /** The accepted values of a command-line option; empty if it accepts other values too. */
  choices: readonly string[]
  isRequired: boolean
  /** The default value of a command-line option, as a user would type it. */
  default: string | undefined
  /** The end of an error such as "--limit takes …": which values are valid. */
  takes: string
}

/** Describes the command-line option that a zod schema declares. Notes of an outer schema replace those of the schema in it. */
export function describeCliParameter(schema: z.ZodType): CliParameter {
  const layers = layersOf(schema)
  const core = layers.at(-1) ?? schema
  const notes = layers.reduceRight<CliParamNotes>(
    (inner, layer) => ({ ...inner, ...cliParamNotes.get(layer) }),
    {},
  )
  const kind = kindOf(core)
  return {
    ...notes,
    kind,
    description:
      notes.description ?? layers.map((layer) => layer.description).find((text) => text !== undefined) ?? '',
    choices: choicesOf(core),
    isRequired: !z.object({ it: schema }).safeParse(kind === 'rest' ? { it: [] } : {}).success,
    default: defaultOf(layers),
    takes: notes.takes ?? takesOf(core),
  }
}

function layersOf(schema: z.ZodType): z.ZodType[] {
  const inner = innerOf(schema)
  return inner instanceof z.ZodType ? [schema, ...layersOf(inner)] : [schema]
}

function innerOf(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodPipe) return schema.in
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  return isWrapper ? schema.unwrap() : undefined
}

/** Returns the values that an enum schema accepts, or those that a text schema lists as `enum` in its metadata. */
function choicesOf(core: z.ZodType): string[] {
  if (core instanceof z.ZodEnum) return core.options.map(String)
  const named = z.array(z.string()).safeParse(core.meta()?.['enum'])
  return named.success ? named.data : []
}

function kindOf(core: z.ZodType): CliParameter['kind'] {
  if (core instanceof z.ZodBoolean) return 'toggle'
  if (core instanceof z.ZodNumber) return 'number'
  return core instanceof z.ZodArray ? 'rest' : 'text'
}

function defaultOf(layers: readonly z.ZodType[]): string | undefined {
  for (const layer of layers) {
    if (!(layer instanceof z.ZodDefault) && !(layer instanceof z.ZodPrefault)) continue
    const { defaultValue } = layer.def
    if (typeof defaultValue === 'string' || typeof defaultValue === 'number') return String(defaultValue)
  }
  return undefined
}

function takesOf(core: z.ZodType): string {
  if (!(core instanceof z.ZodNumber)) return 'a text'
  const { minValue: least, maxValue: most, format } = core
  const noun = format?.endsWith('int') ? 'a whole number' : 'a number'
  return `${noun}${least === null ? '' : ` from ${least}`}${most === null ? '' : ` to ${most}`}`
}
