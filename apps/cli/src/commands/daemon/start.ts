import { jsonFlag } from '../../command/values.js'
import { daemonHealth } from '../../daemon/daemon-health.js'
import { findDaemon, readyDaemon } from '../../daemon/reach-daemon.js'
import { terminalCommand } from '../../terminal/command-context.js'
import { printResult } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'

export const daemonStartCommand = terminalCommand(
  {
    description: 'Start the daemon now; otherwise it starts when a command or host needs it',
    examples: ['daemon start', 'daemon start --json'],
    flags: { json: jsonFlag },
  },
  ({ json }, terminal) => startDaemonNow(json, terminal),
)

/** Starts the daemon unless it runs; prints its pid and a problem of its configuration. @throws SubagentError if none starts */
export async function startDaemonNow(json: boolean, terminal: Terminal): Promise<number> {
  const { environment, stderr } = terminal
  const running = await findDaemon(environment)
  const before = running && (await daemonHealth(running))
  const isRunning = before !== undefined && !before.draining
  const health = isRunning ? before : await daemonHealth(await readyDaemon(environment))
  const { pid, version, configProblem } = health
  if (configProblem !== undefined) await stderr.print(`subagent-mcp: defaults are used: ${configProblem}\n`)
  return printResult(terminal, json, {
    text: `daemon ${pid} of version ${version} ${isRunning ? 'runs already' : 'has started'}`,
    data: { pid, version, started: !isRunning, ...(configProblem !== undefined && { configProblem }) },
  })
}
