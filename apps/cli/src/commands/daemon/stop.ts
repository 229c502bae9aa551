import { defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { daemonHealth } from '../../daemon/daemon-health.js'
import { findDaemon } from '../../daemon/reach-daemon.js'
import { stopDaemon, type Stopped } from '../../daemon/stop-daemon.js'
import { exitCode } from '../../exit.js'
import { readUserFiles } from '../../settings/user-files.js'
import { agentHead } from '../../terminal/agent-words.js'
import { plural } from '../../terminal/amounts.js'
import { say, type Saying } from '../../terminal/say.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { noDaemon } from './status.js'

/** Stops the daemon. */
export const daemonStop = defineCommand(
  {
    description: 'Stop the daemon when running turns have ended; after drainSeconds they are interrupted',
    details: [
      'A second stop does not wait. Interrupted agents resume with the next message; tasks must be invoked again.',
      'Hosts connect to the next daemon by themselves; their next tool call starts it.',
    ],
    flags: { json: jsonFlag },
  },
  ({ json }) =>
    withTerminal(async (terminal) => {
      const stopped = await stopAtTerminal(terminal)
      await say(terminal, json, stopped ? describeStop(stopped) : noDaemon({ stopped: false }))
      return stopped?.type === 'stays' ? exitCode.failed : exitCode.done
    }),
)

/** Ends the daemon; `undefined` when none runs. `restarts`: another one is started then. */
export async function stopAtTerminal(
  { environment, stderr }: Terminal,
  { restarts = false } = {},
): Promise<Stopped | undefined> {
  const client = await findDaemon(environment)
  if (client === undefined) return undefined
  const { agents, draining } = await daemonHealth(client)
  if (draining) await stderr.print('it is stopping already: what still runs is interrupted now\n')
  else if (agents.running > 0)
    await stderr.print(`waiting for ${plural(agents.running, 'agent')} to end what they do ...\n`)
  const { drainSeconds } = readUserFiles(environment).config.daemon
  return stopDaemon(client, { limit: drainSeconds * 1000 + endingMs, restarts })
}

/** How long a daemon may take when its agents have had their time. */
const endingMs = 10_000

/** What is to be told about a stop. */
export function describeStop(stopped: Stopped): Saying {
  const { type, pid } = stopped
  if (type === 'stays') {
    const text = `daemon ${pid} was told to end and is still there: subagent-mcp daemon logs says what it does`
    return { text, data: { pid, stopped: false } }
  }
  const { hosts, interrupted } = stopped
  const first = interrupted.find(({ takesMessages }) => takesMessages)
  const isLost = interrupted.some(({ takesMessages }) => !takesMessages)
  const lines = [
    `daemon ${pid} has ended`,
    ...(hosts > 0 ? [hostsText(hosts)] : []),
    ...interrupted.map((agent) => `interrupted: ${agentHead(agent)}`),
    ...(first ? [`a message resumes one: subagent-mcp send ${first.id} "go on"`] : []),
    ...(isLost ? ['what takes no message, as a task, is not resumed: invoke again'] : []),
  ]
  const ids = interrupted.map(({ id }) => id)
  return { text: lines.join('\n'), data: { pid, stopped: true, hosts, interrupted: ids } }
}

function hostsText(hosts: number): string {
  const connect = hosts === 1 ? 'connects' : 'connect'
  return `${plural(hosts, 'host')} ${connect} again as soon as a daemon runs; the next call of a tool starts one`
}
