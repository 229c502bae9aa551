import { daemonHealth } from '../daemon-health.js'
import { exitCode } from '../exit.js'
import { findDaemon, reachDaemon } from '../reach-daemon.js'
import type { Terminal } from '../terminal/terminal.js'
import { daemonCommand, jsonFlag, say } from './daemon-command.js'

/** Starts the daemon now. */
export const daemonStart = daemonCommand({
  name: 'start',
  description: 'Start it now; it starts by itself when it is needed',
  flags: jsonFlag,
  act: (isGiven, terminal) => startDaemonNow(terminal, isGiven('json')),
})

/** Says whether it ran already. @throws SubagentError that says why it did not come up */
export async function startDaemonNow(terminal: Terminal, isJson: boolean): Promise<number> {
  const running = await findDaemon(terminal.environment)
  const daemon = running ?? (await reachDaemon(terminal.environment))
  const { pid, version } = await daemonHealth(daemon)
  const word = running === undefined ? 'has started' : 'runs already'
  await say(terminal, isJson, {
    text: `daemon ${pid} of version ${version} ${word}`,
    data: { pid, version, started: running === undefined },
  })
  return exitCode.done
}
