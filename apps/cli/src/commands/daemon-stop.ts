import { daemonHealth } from '../daemon-health.js'
import { exitCode } from '../exit.js'
import { findDaemon } from '../reach-daemon.js'
import { stopDaemon, type Stopped } from '../stop-daemon.js'
import { agentHead } from '../terminal/agent-words.js'
import { plural } from '../terminal/amounts.js'
import type { Terminal } from '../terminal/terminal.js'
import { daemonCommand, jsonFlag, say, type Saying } from './daemon-command.js'
import { noDaemon } from './no-daemon.js'

/** Ends the daemon in order. */
export const daemonStop = daemonCommand({
  name: 'stop',
  description: 'Stop it, when running turns have ended; at most drainSeconds later they are interrupted',
  flags: jsonFlag,
  act: async (isGiven, terminal) => {
    const stopped = await stopAtTerminal(terminal)
    await say(terminal, isGiven('json'), stopped ? describeStop(stopped) : noDaemon({ stopped: false }))
    return stopped?.type === 'stays' ? exitCode.failed : exitCode.done
  },
})

/** `undefined` when none runs. */
export async function stopAtTerminal({ environment, stderr }: Terminal): Promise<Stopped | undefined> {
  const client = await findDaemon(environment)
  if (client === undefined) return undefined
  const { running } = (await daemonHealth(client)).agents
  if (running > 0) await stderr.print(`waiting for ${plural(running, 'agent')} to end what they do ...\n`)
  return stopDaemon(client)
}

/** What is to be told about a stop. */
export function describeStop({ type, pid, interrupted }: Stopped): Saying {
  const end =
    type === 'gone'
      ? `daemon ${pid} has ended`
      : `daemon ${pid} was told to end and is still there: subagent-mcp daemon logs says what it does`
  const [first] = interrupted
  const lines = interrupted.map((agent) => `interrupted: ${agentHead(agent)}`)
  const hint = first ? [`a message resumes one: subagent-mcp send ${first.id} "go on"`] : []
  const ids = interrupted.map(({ id }) => id)
  return {
    text: [end, ...lines, ...hint].join('\n'),
    data: { pid, stopped: type === 'gone', interrupted: ids },
  }
}
