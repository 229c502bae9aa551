import type { z } from 'zod'
import { readArgs } from './read-args.js'
import type { Rule } from './rules.js'

/** Flags or arguments by name, each with its schema. `dryRun` is typed as `--dry-run`. */
export type Shape = Readonly<Record<string, z.ZodType>>

/** No flags, or no arguments. */
export type NoShape = Record<never, z.ZodType>

/**
 * All that is declared of a command. The parser, the types of its arguments, its help and the completions of shells come
 * from it, and nothing of these is written elsewhere.
 */
export type CommandSpec<Flags extends Shape = NoShape, Words extends Shape = NoShape> = {
  /** One line: what happens. */
  description: string
  /** More lines for its help, as exit codes. */
  details?: readonly string[]
  /** Arguments without a flag, in their order. The last may take all that remain. */
  words?: Words
  flags?: Flags
  rules?: readonly Rule<NoInfer<keyof (Flags & Words) & string>>[]
  /** What is wrong between values, for what `rules` cannot say. */
  check?: (args: NoInfer<Args<Flags, Words>>) => string | undefined
  /** Left out of lists and completions. */
  isHidden?: boolean
}

/** The values of the command line. */
export type Args<Flags extends Shape, Words extends Shape> = z.output<z.ZodObject<Flags & Words>>

/** The values that a command gets. */
export type ArgsOf<Spec> = Spec extends CommandSpec<infer Flags, infer Words> ? Args<Flags, Words> : never

/** A command whose types are forgotten, for what treats all commands alike. */
export type Command = {
  description: string
  details: readonly string[]
  words: Shape
  flags: Shape
  rules: readonly Rule<string>[]
  isHidden: boolean
  /** Reads the command line and runs nothing. @throws SubagentError */
  read(args: readonly string[]): object
  run(args: readonly string[]): Promise<unknown>
}

/** Declares a command whose types are used before its `run` is written. */
export function commandSpec<const Flags extends Shape = NoShape, const Words extends Shape = NoShape>(
  spec: CommandSpec<Flags, Words>,
): CommandSpec<Flags, Words> {
  return spec
}

/** Makes a command of its declaration, and of what it does with the values of the command line. */
export function defineCommand<Flags extends Shape = NoShape, Words extends Shape = NoShape>(
  spec: CommandSpec<Flags, Words>,
  run: (args: Args<Flags, Words>) => Promise<unknown>,
): Command {
  const { description, details = [], rules = [], isHidden = false } = spec
  return {
    description,
    details,
    words: spec.words ?? {},
    flags: spec.flags ?? {},
    rules,
    isHidden,
    read: (args) => readArgs(spec, args),
    run: (args) => run(readArgs(spec, args)),
  }
}
