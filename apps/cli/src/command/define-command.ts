import type { Args, CommandSpec, NoShape, Shape } from './command-spec.js'
import { readArgs } from './read-args.js'
import type { Rule } from './rules.js'

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
