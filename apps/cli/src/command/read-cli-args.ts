import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { CliArgs, CommandSpec, ArgSchemas } from './command-spec.js'
import { describeUnknownName } from './did-you-mean.js'
import { describeBrokenArgsRule } from './arg-rules.js'
import { describeCliParameter, type CliParameter } from './cli-parameter.js'
import { createUsageError } from './create-usage-error.js'

/** Parses the command line of a command. @throws SubagentError that names the option or the argument */
export function readCliArgs<Flags extends ArgSchemas, Words extends ArgSchemas>(
  spec: CommandSpec<Flags, Words>,
  args: readonly string[],
): CliArgs<Flags, Words>
export function readCliArgs(
  { flags = {}, words = {}, rules = [], check }: CommandSpec<ArgSchemas, ArgSchemas>,
  args: readonly string[],
): object {
  const { given, positionals } = readFlags(flags, args)
  assignWords(words, positionals, given)
  const show = (name: string): string => (name in words ? `<${name}>` : formatFlagName(name))
  const broken = describeBrokenArgsRule(rules, (name) => isGiven(given.get(name)), show)
  if (broken !== undefined) throw createUsageError(broken)
  const read = z.object({ ...flags, ...words }).safeParse(Object.fromEntries(given))
  if (!read.success)
    throw createUsageError(describeIssue(read.error, { shape: { ...flags, ...words }, given, show }))
  const problem = check?.(read.data)
  if (problem !== undefined) throw createUsageError(problem)
  return read.data
}

/** Returns an option as it is typed: `--dry-run` for `dryRun`. */
export function formatFlagName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll('_', '-')}`
}

type Given = Map<string, string | number | boolean | string[]>

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined
}

function readFlags(flags: ArgSchemas, args: readonly string[]): { given: Given; positionals: string[] } {
  const known = new Map(
    Object.entries(flags).map(([name, schema]) => [
      formatFlagName(name).slice(2),
      { name, schema, value: describeCliParameter(schema) },
    ]),
  )
  const given: Given = new Map()
  const positionals: string[] = []
  const tokens = tokensOf(known, args)
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const flag = known.get(token.name)
    if (!flag)
      throw createUsageError(
        describeUnknownName('option', token.rawName, Object.keys(flags).map(formatFlagName)),
      )
    const next = tokens[at + 1]
    if (flag.value.isValueOptional) {
      const isValue =
        !token.inlineValue && next?.kind === 'positional' && flag.schema.safeParse(next.value).success
      given.set(flag.name, isValue ? next.value : (token.value ?? true))
      if (isValue) tokens.splice(at + 1, 1)
    } else if (flag.value.kind === 'rest') {
      const before = given.get(flag.name)
      given.set(flag.name, [...(Array.isArray(before) ? before : []), String(givenValue(token, flag.value))])
    } else given.set(flag.name, givenValue(token, flag.value))
  }
  return { given, positionals }
}

type Known = ReadonlyMap<string, { value: CliParameter }>

function tokensOf(known: Known, args: readonly string[]) {
  const options = Object.fromEntries(
    [...known].map(([name, { value }]) => {
      const type = value.kind === 'toggle' || value.isValueOptional ? 'boolean' : 'string'
      return [name, { type, ...(value.short !== undefined && { short: value.short }) }] as const
    }),
  )
  const parsed = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true })
  return parsed.tokens
}

type FlagToken = { name: string; value?: string | undefined; inlineValue?: boolean | undefined }

function givenValue({ name, value, inlineValue }: FlagToken, known: CliParameter): string | number | boolean {
  if (known.kind === 'toggle') {
    if (value !== undefined) throw createUsageError(`--${name} takes no value`)
    return true
  }
  // In `--name --json` the value is missing; in `--name=--json` it is `--json`.
  if (value === undefined || (!inlineValue && /^-./.test(value)))
    throw createUsageError(`--${name} needs a value: --${name} ${formatOptionPlaceholder(known)}`)
  const isNumber = known.kind === 'number' && /^-?\d{1,15}(\.\d{1,9})?$/.test(value)
  return isNumber ? Number(value) : value
}

/** Returns the placeholder for an option's value in help: `<folder>`, or a few choices as `low|high`. */
export function formatOptionPlaceholder(value: Pick<CliParameter, 'choices' | 'hint'>): string {
  return showsChoicesInHelp(value) ? value.choices.join('|') : `<${value.hint ?? 'name'}>`
}

/** Whether the placeholder of an option in help lists its choices. */
export function showsChoicesInHelp({ choices }: Pick<CliParameter, 'choices'>): boolean {
  return choices.length > 0 && choices.length <= fewChoices
}

const fewChoices = 5

function assignWords(words: ArgSchemas, positionals: readonly string[], given: Given): void {
  let left = positionals
  for (const [name, schema] of Object.entries(words)) {
    const { kind, isRequired } = describeCliParameter(schema)
    const [first, ...others] = left
    if (first === undefined && isRequired) throw createUsageError(`<${name}> is missing`)
    if (kind === 'rest') given.set(name, [...left])
    else if (first !== undefined) given.set(name, first)
    left = kind === 'rest' ? [] : others
  }
  const [surplus] = left
  if (surplus !== undefined) throw createUsageError(`unexpected argument '${surplus}'`)
}

type Refused = { shape: ArgSchemas; given: Given; show: (name: string) => string }

function describeIssue(error: z.ZodError, { shape, given, show }: Refused): string {
  const [issue] = error.issues
  const name = String(issue?.path[0])
  const [schema, value] = [shape[name], given.get(name)]
  if (!issue || !schema) return error.message
  const head = show(name)
  if (value === undefined) return `${head} is missing`
  if (issue.code === 'too_big' && issue.origin === 'string')
    return `${head} has ${String(value).length} characters, at most ${issue.maximum}`
  if (issue.code === 'too_small' && issue.origin === 'string') return `${head} is empty`
  const { kind, choices, takes, refused = {} } = describeCliParameter(schema)
  const instead = refused[String(value)]
  if (instead !== undefined) return `${head} cannot be ${String(value)}: ${instead}`
  if (choices.length > 0) return `${head} '${String(value)}' is not one of ${choices.join(', ')}`
  if (kind === 'number') return `${head} takes ${takes}, not '${String(value)}'`
  return `${head} ${issue.message}`
}
