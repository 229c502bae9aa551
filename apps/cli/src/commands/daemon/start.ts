import { daemonHealth } from '../../daemon/daemon-health.js'
import { exitCode } from '../../exit.js'
import { findDaemon, readyDaemon } from '../../daemon/reach-daemon.js'
import type { Terminal } from '../../terminal/terminal.js'
import { daemonCommand, jsonFlag, say } from './daemon-command.js'

/** Starts the daemon now. */
export const daemonStart = daemonCommand({
  name: 'start',
  description: 'Start it now; it starts by itself when it is needed',
  flags: jsonFlag,
  act: (isGiven, terminal) => startDaemonNow(terminal, isGiven('json')),
})

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
