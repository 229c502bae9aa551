import { defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { daemonHealth } from '../../daemon/daemon-health.js'
import { findDaemon, readyDaemon } from '../../daemon/reach-daemon.js'
import { exitCode } from '../../exit.js'
import { say } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'

/** Starts the daemon. */
export const daemonStart = defineCommand(
  {
    description: 'Start the daemon now; without this it starts when it is needed',
    flags: { json: jsonFlag },
  },
  ({ json }) => withTerminal((terminal) => startDaemonNow(terminal, json)),
)

/** Says whether it ran already, and what is wrong with its configuration. @throws SubagentError that says why it did not come up */
export async function startDaemonNow(terminal: Terminal, isJson: boolean): Promise<number> {
  const { environment, stderr } = terminal
  const running = await findDaemon(environment)
  const before = running && (await daemonHealth(running))
  const isThere = before !== undefined && !before.draining
  const health = isThere ? before : await daemonHealth(await readyDaemon(environment))
  const { pid, version, configProblem } = health
  if (configProblem !== undefined) await stderr.print(`subagent-mcp: defaults are used: ${configProblem}\n`)
  await say(terminal, isJson, {
    text: `daemon ${pid} of version ${version} ${isThere ? 'runs already' : 'has started'}`,
    data: { pid, version, started: !isThere, ...(configProblem !== undefined && { configProblem }) },
  })
  return exitCode.done
}
