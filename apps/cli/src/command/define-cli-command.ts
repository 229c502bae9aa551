import { endProcess } from '../exit.js'
import type { CliArgs, CommandSpec, NoArgs, ArgSchemas } from './command-spec.js'
import { readCliArgs } from './read-cli-args.js'
import type { ArgsRule } from './arg-rules.js'

/** A command of `subagent-mcp` without the types of its options, for code that treats all commands alike. */
export type CliCommand<Context = never> = {
  description: string
  details: readonly string[]
  examples: readonly string[]
  words: ArgSchemas
  flags: ArgSchemas
  rules: readonly ArgsRule<string>[]
  isHidden: boolean
  /** Parses the command line and runs nothing. @throws SubagentError */
  read(args: readonly string[]): object
  /** Runs the command in a context, and returns its exit code. @throws SubagentError */
  run(args: readonly string[], context: Context): Promise<number>
  /** Runs the command at the terminal of this process, and ends the process with its exit code. @throws SubagentError */
  execute(args: readonly string[]): Promise<unknown>
}

/** Creates a command from its declaration and its function. `open` creates the context in which this process runs the command. */
export function defineCliCommand<
  Context,
  Flags extends ArgSchemas = NoArgs,
  Words extends ArgSchemas = NoArgs,
>(
  spec: CommandSpec<Flags, Words>,
  run: (args: CliArgs<Flags, Words>, context: Context) => Promise<number>,
  open: (use: (context: Context) => Promise<number>, args: CliArgs<Flags, Words>) => Promise<unknown>,
): CliCommand<Context> {
  const { description, details = [], examples = [], rules = [], isHidden = false } = spec
  return {
    ...{ description, details, examples, rules, isHidden },
    words: spec.words ?? {},
    flags: spec.flags ?? {},
    read: (args) => readCliArgs(spec, args),
    run: async (args, context) => run(readCliArgs(spec, args), context),
    execute: async (words) => {
      const args = readCliArgs(spec, words)
      return open((context) => run(args, context), args)
    },
  }
}

/** Creates a command that needs neither a terminal nor the daemon. */
export function defineCommandWithoutTerminal<
  Flags extends ArgSchemas = NoArgs,
  Words extends ArgSchemas = NoArgs,
>(spec: CommandSpec<Flags, Words>, run: (args: CliArgs<Flags, Words>) => Promise<number>): CliCommand<void> {
  return defineCliCommand(spec, run, async (use) => endProcess(await use()))
}
