import { SubagentError } from '@subagent-mcp/contract'
import type { Candidate } from '@subagent-mcp/routing'
import type { CallerState } from './fleet.js'
import { lackOfRoom } from './load.js'
import type { Supervisor } from './supervisor.js'

/** Agents that launch agents that launch agents end here. @throws SubagentError that says which limit it is */
export function checkPace({ fleet, clock }: Supervisor, { depth }: CallerState): void {
  const { agents, limits, draining } = fleet()
  if (draining) {
    const hint = 'launch again: the next call starts a new one'
    throw new SubagentError('at-capacity', 'the daemon is stopping', { hint })
  }
  if (depth >= limits.maxDepth) {
    const hint = 'do the work yourself, or say in your answer what is left to delegate'
    throw new SubagentError('not-supported', `an agent at depth ${depth} launches none (maxDepth)`, { hint })
  }
  const since = clock.now() - minute
  const recent = agents.count(({ profile }) => profile.launchedAt > since)
  if (recent < limits.launchesPerMinute) return
  throw new SubagentError('too-many-launches', `${recent} launches within a minute (launchesPerMinute)`, {
    hint: 'wait for those; if agents launch agents, stop them',
  })
}

const minute = 60_000

/** For who does not want to wait. @throws SubagentError `at-capacity` */
export function checkRoom({ fleet, clock }: Supervisor, { provider }: Candidate): void {
  const lack =
    fleet().queue.length > 0
      ? `${fleet().queue.length} wait already`
      : lackOfRoom(fleet(), { provider, process: true }, clock.now())
  if (lack === undefined) return
  throw new SubagentError('at-capacity', lack, { hint: 'wait for agents, or launch without queue: false' })
}
