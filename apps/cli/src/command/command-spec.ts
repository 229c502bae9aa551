import type { z } from 'zod'
import type { ArgsRule } from './rules.js'

/** Options or arguments by name, each with its schema. `dryRun` is typed as `--dry-run`. */
export type ArgSchemas = Readonly<Record<string, z.ZodType>>

export type NoArgs = Record<never, z.ZodType>

/**
 * The declaration of a command. Its parser, the types of its arguments, its help and the completions of shells are derived
 * from it; none of these is written elsewhere.
 */
export type CommandSpec<Flags extends ArgSchemas = NoArgs, Words extends ArgSchemas = NoArgs> = {
  /** One line: what the command does. */
  description: string
  /** More lines for the command's help, such as its exit codes. */
  details?: readonly string[]
  /** Command lines without `subagent-mcp`. A test reads each with the parser of the command. */
  examples?: readonly string[]
  /** The positional arguments by name, in the order of the command line. The last may take all remaining words. */
  words?: Words
  flags?: Flags
  rules?: readonly ArgsRule<NoInfer<keyof (Flags & Words) & string>>[]
  /** Returns the problem with the values of a command line, for conditions that `rules` cannot express. */
  check?: (args: NoInfer<Args<Flags, Words>>) => string | undefined
  /** Leaves the command out of help and completions. */
  isHidden?: boolean
}

/** The parsed options and positional arguments of a command line. */
export type Args<Flags extends ArgSchemas, Words extends ArgSchemas> = z.output<z.ZodObject<Flags & Words>>

/** The parsed values of the command line of a declared command. */
export type ArgsOf<Spec> = Spec extends CommandSpec<infer Flags, infer Words> ? Args<Flags, Words> : never

/** Declares a command without its function. Used if other functions need the types of its arguments. */
export function commandSpec<const Flags extends ArgSchemas = NoArgs, const Words extends ArgSchemas = NoArgs>(
  spec: CommandSpec<Flags, Words>,
): CommandSpec<Flags, Words> {
  return spec
}
