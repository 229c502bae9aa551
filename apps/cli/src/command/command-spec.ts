import type { z } from 'zod'
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
