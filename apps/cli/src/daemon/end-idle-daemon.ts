import { SubagentError } from '@subagent-mcp/contract'
import { isSameProcessRunning, readProcessStartTime } from '@subagent-mcp/driver-kit'
import { setTimeout as delay } from 'node:timers/promises'
import { formatCountWithNoun } from '../terminal/format.js'
import { requestDaemonHealth } from './daemon-health.js'
import { connectRunningDaemon } from './connect-or-start-daemon.js'

/** The outcome of `endIdleDaemon`: a daemon in use `stays`; one that `lingers` accepts no connections, but has not ended yet. */
export type IdleDaemonEnd =
  | { type: 'none' }
  | { type: 'ended'; pid: number }
  | { type: 'stays'; why: string }
  | { type: 'lingers'; pid: number }

/** Ends the daemon unless it is in use, because agents at work would be interrupted. Hosts connect to the next daemon. */
export async function endIdleDaemon(environment: NodeJS.ProcessEnv): Promise<IdleDaemonEnd> {
  try {
    const client = await connectRunningDaemon(environment)
    if (client === undefined) return { type: 'none' }
    const { pid, agents, queue, hosts } = await requestDaemonHealth(client)
    const itself = { pid, startTime: readProcessStartTime(pid) ?? '' }
    // The daemon itself decides whether it is in use, because a client may connect after the last look.
    if (!(await client.stop({ drain: true, unlessUsed: true })).stops)
      return { type: 'stays', why: `daemon ${pid} serves ${uses(agents.running + queue, hosts)}` }
    const deadline = Date.now() + endingMs
    while (isSameProcessRunning(itself) && Date.now() < deadline) await delay(lookMs)
    return { type: isSameProcessRunning(itself) ? 'lingers' : 'ended', pid }
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'stays', why: error.message }
    throw error
  }
}

function uses(working: number, hosts: number): string {
  const some = [
    ...(working > 0 ? [formatCountWithNoun(working, 'agent')] : []),
    ...(hosts > 0 ? [formatCountWithNoun(hosts, 'host')] : []),
  ]
  return some.join(' and ') || 'somebody who has just come'
}

const endingMs = 15_000
const lookMs = 50
