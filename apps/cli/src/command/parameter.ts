import { z } from 'zod'
import { valueNotes, type ValueNotes } from './values.js'

/** A flag or an argument as parser, help and completions see it. */
export type Value = ValueNotes & {
  /** `toggle` takes no value, `rest` takes all remaining arguments. */
  kind: 'toggle' | 'number' | 'text' | 'rest'
  description: string
  /** The only values, where these are few. */
  choices: readonly string[]
  isRequired: boolean
  /** What holds when it is not given, as a user would type it. */
  default: string | undefined
  /** Completes the sentence "--limit takes …". */
  takes: string
}

/** Reads a schema, with what its inner schemas say where it says nothing itself. */
export function valueOf(schema: z.ZodType): Value {
  const layers = layersOf(schema)
  const core = layers.at(-1) ?? schema
  const notes = layers.reduceRight<ValueNotes>((inner, layer) => ({ ...inner, ...valueNotes.get(layer) }), {})
  const choices = choicesOf(core)
  return {
    ...notes,
    kind: kindOf(core),
    description:
      notes.description ?? layers.map((layer) => layer.description).find((text) => text !== undefined) ?? '',
    choices,
    isRequired: !z.object({ it: schema }).safeParse(kindOf(core) === 'rest' ? { it: [] } : {}).success,
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

/** Also those of a text whose schema has no enum, and names them for its JSON schema. */
function choicesOf(core: z.ZodType): string[] {
  if (core instanceof z.ZodEnum) return core.options.map(String)
  const named = z.array(z.string()).safeParse(core.meta()?.['enum'])
  return named.success ? named.data : []
}

function kindOf(core: z.ZodType): Value['kind'] {
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
