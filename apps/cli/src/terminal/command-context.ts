import type { DaemonClient } from '@subagent-mcp/client'
import type { CliArgs, CommandSpec, NoArgs, ArgSchemas } from '../command/command-spec.js'
import { defineCliCommand, type CliCommand } from '../command/define-cli-command.js'
import type { CiReport } from '../ci/ci-report.js'
import { connectOrStartDaemon } from '../daemon/connect-or-start-daemon.js'
import { runOnTerminal } from './open-terminal.js'
import type { Terminal } from './terminal.js'

/** A connection to the daemon, and the terminal that a command runs on. `ci`: where its result is reported in a job of CI. */
export type CommandContext = { client: DaemonClient; terminal: Terminal; ci?: CiReport }

/** Makes a command that needs the daemon, which is started if none runs. With an option `ci` it gets a daemon of its own. */
export function defineDaemonCommand<Flags extends ArgSchemas = NoArgs, Words extends ArgSchemas = NoArgs>(
  spec: CommandSpec<Flags, Words>,
  run: (args: CliArgs<Flags, Words>, context: CommandContext) => Promise<number>,
): CliCommand<CommandContext> {
  return defineCliCommand(spec, run, (use, args: { ci?: unknown; junit?: string }) =>
    runOnTerminal(async (terminal) => {
      if (args.ci === true) return (await import('../ci/run-in-ci.js')).runCommandInCi(terminal, args, use)
      return use({ client: await connectOrStartDaemon(terminal.environment), terminal })
    }),
  )
}

/** Makes a command that gets a terminal, but no connection to the daemon. */
export function defineTerminalCommand<Flags extends ArgSchemas = NoArgs, Words extends ArgSchemas = NoArgs>(
  spec: CommandSpec<Flags, Words>,
  run: (args: CliArgs<Flags, Words>, terminal: Terminal) => Promise<number>,
): CliCommand<Terminal> {
  return defineCliCommand(spec, run, runOnTerminal)
}
