import type { Failure, FailureReason } from '@subagent-mcp/contract'
import type { Agent, RunningTurn } from '../agent/agent.js'
import { isAgentResumable, readProviderAndModel } from '../agent/agent-view.js'
import { isAgentLaunching } from '../agent/fail-over.js'
import { advanceLaunchRoute } from '../launch/launch-route.js'
import type { UsageLimitEnding } from './usage-limit-ending.js'

/**
 * Returns how an agent rests after a turn that a limit or an outage has ended, as its option `onLimit` says; `undefined` if it ends
 * as failed. A launch without output moves to its next candidate instead, and tasks of the pool never rest.
 */
export function decideUsageLimitEnding(
  agent: Agent,
  turn: RunningTurn,
  { failure, at }: { failure: Failure; at: number },
): UsageLimitEnding | undefined {
  const { profile, route, turns } = agent
  const { onLimit } = profile
  if (onLimit === 'fail' || profile.pool || isAgentLaunching(agent) || !passing.includes(failure.reason))
    return undefined
  const others = route.left.filter(({ provider }) => provider !== route.current.provider)
  const next =
    onLimit === 'continue'
      ? advanceLaunchRoute({ ...route, left: others }, { failure, at, during: 'turn' })
      : undefined
  if (next && next.current.provider !== route.current.provider)
    return { type: 'limited', failure, until: at, route: next, turnId: turn.id }
  // Without the option `onLimit` an agent waits only if the provider says until when.
  if (onLimit === undefined && (failure.resetsAt === undefined || failure.reason !== 'rate-limited'))
    return undefined
  if (!isAgentResumable({ ...agent, turns: [...turns, ended(agent, turn, { failure, at })] }))
    return undefined
  const earlier = turns.length - turns.findLastIndex(({ outcome }) => outcome.type !== 'failed') - 1
  if (earlier >= mostTries) return undefined
  const pause = Math.min(longestPause, shortestPause * 2 ** earlier)
  const { resetsAt = 0 } = failure
  const until = resetsAt > at ? resetsAt : at + pause
  return { type: 'limited', failure, until, turnId: turn.id }
}

function ended(
  agent: Agent,
  { id, startedAt }: RunningTurn,
  { failure, at: endedAt }: { failure: Failure; at: number },
): Agent['turns'][number] {
  return { id, ...readProviderAndModel(agent), startedAt, endedAt, outcome: { type: 'failed', failure } }
}

/** The failures that end by themselves, without a change by the user. */
const passing: readonly FailureReason[] = ['rate-limited', 'overloaded', 'connection-lost']

/** The shortest and the longest pause before an agent tries again, in milliseconds, and the most tries in a row. */
const shortestPause = 60_000
const longestPause = 60 * 60_000
const mostTries = 50
