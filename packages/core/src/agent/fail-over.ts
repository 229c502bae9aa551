import type { SessionEvent } from '@subagent-mcp/contract'
import type { Agent, AgentMessage } from './agent.js'
import { isInTurn } from './agent-view.js'
import type { AgentStep } from './agent-step.js'
import { nextRoute, type LaunchFailure } from '../launch/route.js'

/** Moves a launch of which nothing was seen yet on to its next candidate; `undefined` when it cannot be moved. */
export function failOver(agent: Agent, launchFailure: LaunchFailure): AgentStep | undefined {
  if (!isLaunching(agent)) return undefined
  const route = nextRoute(agent.route, launchFailure)
  if (!route) return undefined
  const moved: Agent = {
    ...agent,
    route,
    notes: [],
    session: {},
    inbox: [...sentMessages(agent), ...agent.inbox],
    activity: { visibleAt: launchFailure.at, recent: [] },
  }
  const { during } = launchFailure
  if (during === 'opening' || during === 'closing') return openCandidate(moved)
  return [
    { ...moved, phase: { status: 'switching', from: agent.route.current } },
    { type: 'close', agentId: agent.profile.id, mode: 'kill' },
  ]
}

/** Opens a session of the candidate that is to run the agent now; the one that it had, if it had one. */
export function openCandidate(agent: Agent): AgentStep {
  const { profile, route, actor, session } = agent
  const resumed = session.id === undefined ? {} : { resumeSessionId: session.id }
  return [
    { ...agent, phase: { status: 'opening' } },
    { type: 'open', profile, candidate: route.current, actor, ...resumed },
  ]
}

/** Whether nothing was seen of the agent yet: until then another candidate can take over unnoticed. */
export function isLaunching({ turns, phase }: Agent): boolean {
  return turns.length === 0 && !(isInTurn(phase) && phase.turn.firstOutputAt !== undefined)
}

type Retry = SessionEvent & { type: 'retry-announced' }

/** Whether a retry that the CLI announces is reason enough to move on: what waiting may mend gets a second try. */
export function shouldFailOverOnRetry({ attempt, failure }: Retry): boolean {
  return attempt > 1 || failure.reason === 'rate-limited' || isBeyondRetries(failure)
}

/** Whether a retry cannot help, so that there is nothing to wait for; a first one may come with a fresh token. */
export function cannotRecover({ attempt, failure }: Retry): boolean {
  return attempt > 1 && isBeyondRetries(failure)
}

function isBeyondRetries({ reason }: Retry['failure']): boolean {
  return ['not-signed-in', 'model-unavailable', 'bad-request', 'not-installed'].includes(reason)
}

function sentMessages({ phase }: Agent): readonly AgentMessage[] {
  return isInTurn(phase) ? phase.turn.messages : []
}
