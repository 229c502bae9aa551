import { readUserFiles } from '../../settings/user-files.js'
import { jsonFlag } from '../../command/values.js'
import { daemonHealth } from '../../daemon/daemon-health.js'
import { findDaemon } from '../../daemon/reach-daemon.js'
import { stopDaemon, type DaemonStopOutcome } from '../../daemon/stop-daemon.js'
import { exitCode } from '../../exit.js'
import { idAndName } from '../../terminal/agent-lines.js'
import { terminalCommand } from '../../terminal/command-context.js'
import { pluralize } from '../../terminal/format.js'
import { printResult, type CliResult } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { noDaemonText } from './status.js'

export const daemonStopCommand = terminalCommand(
  {
    description:
      'Stop the daemon when running turns have ended; turns that take longer than drainSeconds of config.jsonc are interrupted',
    details: [
      'A second stop does not wait. Interrupted agents resume with the next message; tasks must be invoked again.',
      'Hosts connect to the next daemon by themselves; their next tool call starts it.',
    ],
    examples: ['daemon stop', 'daemon stop --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => {
    const stopped = await stopDaemonAtTerminal(terminal)
    const result = stopped ? describeDaemonStop(stopped) : { text: noDaemonText, data: { stopped: false } }
    await printResult(terminal, json, result)
    return stopped?.type === 'stays' ? exitCode.failed : exitCode.done
  },
)

/** Stops the daemon; returns `undefined` when none runs. `restarts` tells the old daemon that a new one follows. */
export async function stopDaemonAtTerminal(
  { environment, stderr }: Terminal,
  { restarts = false } = {},
): Promise<DaemonStopOutcome | undefined> {
  const client = await findDaemon(environment)
  if (client === undefined) return undefined
  const { agents, draining } = await daemonHealth(client)
  if (draining) await stderr.print('it is stopping already: turns that still run are interrupted now\n')
  else if (agents.running > 0)
    await stderr.print(`waiting for the turns of ${pluralize(agents.running, 'agent')} to end ...\n`)
  const { drainSeconds } = readUserFiles(environment).config.daemon
  return stopDaemon(client, { limit: drainSeconds * 1000 + endingMs, restarts })
}

/** Milliseconds that a daemon may need to end after the time for running turns. */
const endingMs = 10_000

export function describeDaemonStop(stopped: DaemonStopOutcome): CliResult {
  const { type, pid } = stopped
  if (type === 'stays') {
    const text = `daemon ${pid} was asked to end and still runs: subagent-mcp daemon logs shows what it does`
    return { text, data: { pid, stopped: false } }
  }
  const { hosts, interrupted } = stopped
  const first = interrupted.find(({ takesMessages }) => takesMessages)
  const isLost = interrupted.some(({ takesMessages }) => !takesMessages)
  const lines = [
    `daemon ${pid} has ended`,
    ...(hosts > 0 ? [hostsText(hosts)] : []),
    ...interrupted.map((agent) => `interrupted: ${idAndName(agent)}`),
    ...(first ? [`a message resumes one: subagent-mcp send ${first.id} "go on"`] : []),
    ...(isLost ? ['tasks take no message and are not resumed: invoke them again'] : []),
  ]
  const ids = interrupted.map(({ id }) => id)
  return { text: lines.join('\n'), data: { pid, stopped: true, hosts, interrupted: ids } }
}

function hostsText(hosts: number): string {
  const connect = hosts === 1 ? 'connects' : 'connect'
  return `${pluralize(hosts, 'host')} ${connect} again as soon as a daemon runs; the next tool call starts one`
}
