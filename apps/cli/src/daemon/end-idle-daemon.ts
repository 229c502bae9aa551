import { SubagentError } from '@subagent-mcp/contract'
import { daemonHealth } from './daemon-health.js'
import { findDaemon } from './reach-daemon.js'
import { stopDaemon } from './stop-daemon.js'
import { plural } from '../terminal/amounts.js'

/** What became of the daemon of the version that runs: one that somebody needs `stays`. */
export type DaemonEnd = { type: 'none' } | { type: 'ended'; pid: number } | { type: 'stays'; why: string }

/** Ends the daemon unless it is in use: agents at work would be interrupted, and hosts lose their tools. */
export async function endIdleDaemon(environment: NodeJS.ProcessEnv): Promise<DaemonEnd> {
  try {
    const client = await findDaemon(environment)
    if (client === undefined) return { type: 'none' }
    const { pid, agents, queue, hosts } = await daemonHealth(client)
    const working = agents.running + queue
    if (working + hosts > 0) {
      const uses = [
        ...(working > 0 ? [plural(working, 'agent')] : []),
        ...(hosts > 0 ? [plural(hosts, 'host')] : []),
      ]
      return { type: 'stays', why: `daemon ${pid} serves ${uses.join(' and ')}` }
    }
    const { type } = await stopDaemon(client, endingMs)
    return type === 'gone' ? { type: 'ended', pid } : { type: 'stays', why: `daemon ${pid} does not end` }
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'stays', why: error.message }
    throw error
  }
}

const endingMs = 15_000
