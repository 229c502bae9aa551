import { SubagentError } from '@subagent-mcp/contract'
import type { Candidate } from '@subagent-mcp/routing'
import type { CallerState } from './fleet.js'
import { lackOfRoom, machineLoad } from './load.js'
import type { Supervisor } from './supervisor.js'

/** Agents that launch agents that launch agents end here. @throws SubagentError that says which limit it is */
export function checkPace({ fleet, clock }: Supervisor, { depth }: CallerState, isTask = false): void {
  const { agents, limits, draining } = fleet()
  if (draining) {
    const hint = 'reconnect this MCP server, which starts another daemon'
    throw new SubagentError('at-capacity', 'the daemon is stopping', { hint })
  }
  if (depth >= limits.maxDepth) {
    const hint = 'do the work yourself, or say in your answer what is left to delegate'
    throw new SubagentError('not-supported', `an agent at depth ${depth} launches none (maxDepth)`, { hint })
  }
  // A task starts no process of its own, and a pool has limits of its own.
  if (isTask) return
  const since = clock.now() - minute
  const launches = [...agents.values()].filter(({ profile }) => profile.pool === undefined)
  const recent = launches.map(({ profile }) => profile.launchedAt).filter((at) => at > since)
  if (recent.length < limits.launchesPerMinute) return
  const seconds = Math.ceil((Math.min(...recent) - since) / 1000)
  throw new SubagentError(
    'too-many-launches',
    `${recent.length} launches within a minute (launchesPerMinute)`,
    {
      hint: `again in ${seconds} s; if agents launch agents, stop them`,
    },
  )
}

const minute = 60_000

/** For who does not want to wait. @throws SubagentError `at-capacity` */
export function checkRoom({ fleet, clock }: Supervisor, { provider }: Candidate): void {
  const lack = lackOfRoom(fleet(), { provider, process: true }, machineLoad(fleet(), clock.now()))
  const waiting = fleet().queue.length
  if (lack === undefined && waiting === 0) return
  const line = waiting > 0 ? [`${waiting} in line before it`] : []
  throw new SubagentError('at-capacity', [...(lack === undefined ? [] : [lack]), ...line].join('; '), {
    hint: 'wait for agents; a launch without queue: false waits by itself',
  })
}
