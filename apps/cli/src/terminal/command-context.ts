import type { DaemonClient } from '@subagent-mcp/client'
import type { Args, CommandSpec, NoArgs, ArgSchemas } from '../command/command-spec.js'
import { defineCommand, type CliCommand } from '../command/define-command.js'
import type { CiReport } from '../ci/ci-report.js'
import { reachDaemon } from '../daemon/reach-daemon.js'
import { runOnTerminal } from './open-terminal.js'
import type { Terminal } from './terminal.js'

/** A connection to the daemon, and the terminal that a command runs on. `ci`: where its result is reported in a job of CI. */
export type CommandContext = { client: DaemonClient; terminal: Terminal; ci?: CiReport }

/** Makes a command that needs the daemon, which is started if none runs. With an option `ci` it gets a daemon of its own. */
export function daemonCommand<Flags extends ArgSchemas = NoArgs, Words extends ArgSchemas = NoArgs>(
  spec: CommandSpec<Flags, Words>,
  run: (args: Args<Flags, Words>, context: CommandContext) => Promise<number>,
): CliCommand<CommandContext> {
  return defineCommand(spec, run, (use, args: { ci?: unknown; junit?: string }) =>
    runOnTerminal(async (terminal) => {
      if (args.ci === true) return (await import('../ci/run-in-ci.js')).runInCi(terminal, args, use)
      return use({ client: await reachDaemon(terminal.environment), terminal })
    }),
  )
}

/** Makes a command that gets a terminal, but no connection to the daemon. */
export function terminalCommand<Flags extends ArgSchemas = NoArgs, Words extends ArgSchemas = NoArgs>(
  spec: CommandSpec<Flags, Words>,
  run: (args: Args<Flags, Words>, terminal: Terminal) => Promise<number>,
): CliCommand<Terminal> {
  return defineCommand(spec, run, runOnTerminal)
}
