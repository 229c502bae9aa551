import type { z } from 'zod'
import type { ArgsRule } from './arg-rules.js'

/** The options or arguments of a command by name, each with its zod schema. A user types `dryRun` as `--dry-run`. */
export type ArgSchemas = Readonly<Record<string, z.ZodType>>

export type NoArgs = Record<never, z.ZodType>

/**
 * The declaration of a command. Its parser, the types of its arguments, its help and the completions of shells are derived
 * from it; none of these is written elsewhere.
 */
export type CommandSpec<Flags extends ArgSchemas = NoArgs, Words extends ArgSchemas = NoArgs> = {
  /** The purpose of the command, in one line of help. */
  description: string
  /** More lines for the command's help, such as its exit codes. */
  details?: readonly string[]
  /** Example command lines without `subagent-mcp`, for help. A test parses each of them. */
  examples?: readonly string[]
  /** The positional arguments by name, in the order of the command line. The last may take all remaining words. */
  words?: Words
  flags?: Flags
  rules?: readonly ArgsRule<NoInfer<keyof (Flags & Words) & string>>[]
  /** Returns what is wrong with the parsed options of a command line, if anything, for conditions that `rules` cannot express. */
  check?: (args: NoInfer<CliArgs<Flags, Words>>) => string | undefined
  /** Whether the command is left out of help and completions. */
  isHidden?: boolean
}

/** The parsed options and positional arguments of a command line. */
export type CliArgs<Flags extends ArgSchemas, Words extends ArgSchemas> = z.output<z.ZodObject<Flags & Words>>

/** The parsed options and arguments of the command that a `CommandSpec` declares. */
export type CliArgsOfSpec<Spec> =
  Spec extends CommandSpec<infer Flags, infer Words> ? CliArgs<Flags, Words> : never

/** Declares the options and arguments of a command apart from its function, so that other functions can use their types. */
export function declareCliCommand<
  const Flags extends ArgSchemas = NoArgs,
  const Words extends ArgSchemas = NoArgs,
>(spec: CommandSpec<Flags, Words>): CommandSpec<Flags, Words> {
  return spec
}
