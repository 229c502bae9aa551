import { SubagentError } from '@subagent-mcp/contract'
import type { RouteCandidate } from '@subagent-mcp/routing'
import type { CallerState, AgentsState } from '../state/agents-state.js'
import { explainProcessStartRefusal, findMissingResource, computeMachineLoad } from './supervisor-load.js'
import type { Supervisor } from '../supervisor/supervisor.js'

/** Throws a SubagentError if the caller is nested too deeply to launch, or if the supervisor drains. */
export function checkLaunchAllowed({ state }: Supervisor, { depth }: Pick<CallerState, 'depth'>): void {
  checkDraining(state())
  const { limits } = state()
  if (depth >= limits.maxDepth) {
    const hint = 'do the work yourself, or say in your answer what is left to delegate'
    throw new SubagentError('not-supported', `an agent at depth ${depth} may not launch agents (maxDepth)`, {
      hint,
    })
  }
}

/** Checks the number of launches in the last minute, without launches of tasks. @throws SubagentError `too-many-launches` */
export function checkLaunchRate({ state, clock }: Supervisor): void {
  const { agents, limits } = state()
  const since = clock.now() - minute
  const launches = [...agents.values()].filter(({ profile }) => profile.pool === undefined)
  const recent = launches.map(({ profile }) => profile.launchedAt).filter((at) => at > since)
  if (recent.length < limits.launchesPerMinute) return
  const seconds = Math.ceil((Math.min(...recent) - since) / 1000)
  throw new SubagentError(
    'too-many-launches',
    `${recent.length} launches within a minute (launchesPerMinute)`,
    {
      hint: `try again in ${seconds} s; if agents launch agents, stop them`,
    },
  )
}

const minute = 60_000

function checkDraining({ draining }: AgentsState): void {
  if (!draining) return
  const hint = 'call again in a moment: the next daemon takes over when this one has ended'
  throw new SubagentError('at-capacity', 'the daemon is stopping', { hint })
}

/** Whether the pool may start a process for future tasks. */
export function canPoolStartProcess({ state, clock }: Supervisor): boolean {
  const { draining, queue } = state()
  if (draining || queue.length > 0) return false
  return explainProcessStartRefusal(state(), computeMachineLoad(state(), clock.now())) === undefined
}

/** Refuses a launch that does not want to queue, where there is no room. @throws SubagentError `at-capacity` */
export function checkLaunchCapacity({ state, clock }: Supervisor, { provider }: RouteCandidate): void {
  checkDraining(state())
  const lack = findMissingResource(
    state(),
    { provider, process: true },
    computeMachineLoad(state(), clock.now()),
  )?.words
  const waiting = state().queue.length
  if (lack === undefined && waiting === 0) return
  const line = waiting > 0 ? [`${waiting} in line before it`] : []
  throw new SubagentError('at-capacity', [...(lack === undefined ? [] : [lack]), ...line].join('; '), {
    hint: 'wait for agents; a launch without queue: false waits by itself',
  })
}
