import type { SessionEvent } from '@subagent-mcp/contract'
import type { Agent, AgentMessage } from './agent.js'
import { isAgentInTurn } from './agent-view.js'
import { wasTurnStoppedByBudget } from '../budget/stop-agent-over-budget.js'
import type { AgentTransition } from './agent-transition.js'
import { advanceLaunchRoute, type LaunchFailure } from '../launch/launch-route.js'

/** Moves a launch without output to its next candidate. Returns `undefined` where that is impossible. */
export function failOverToNextCandidate(
  agent: Agent,
  launchFailure: LaunchFailure,
): AgentTransition | undefined {
  if (!isAgentLaunching(agent) || wasTurnStoppedByBudget(agent)) return undefined
  const route = advanceLaunchRoute(agent.route, launchFailure)
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
  if (during === 'opening' || during === 'closing') return openCandidateSession(moved)
  return [
    { ...moved, phase: { status: 'switching', from: agent.route.current } },
    { type: 'close', agentId: agent.profile.id, mode: 'kill' },
  ]
}

/** Opens a session of the CLI for the agent's current candidate, or resumes the agent's session. */
export function openCandidateSession(agent: Agent): AgentTransition {
  const { profile, route, actor, session } = agent
  const resumed = session.id === undefined ? {} : { resumeSessionId: session.id }
  return [
    { ...agent, phase: { status: 'opening' } },
    { type: 'open', profile, candidate: route.current, actor, ...resumed },
  ]
}

/** Whether the agent's launch has shown no output yet, so that another candidate can take over unnoticed. */
export function isAgentLaunching({ turns, phase }: Agent): boolean {
  return turns.length === 0 && !(isAgentInTurn(phase) && phase.turn.firstOutputAt !== undefined)
}

type Retry = SessionEvent & { type: 'retry-announced' }

/** Whether an announced retry of the CLI justifies a failover. Temporary failures get a second attempt first. */
export function shouldFailOverOnRetry({ attempt, failure }: Retry): boolean {
  return attempt > 1 || failure.reason === 'rate-limited' || isBeyondRetries(failure)
}

/** Whether no retry of the CLI can succeed. The first retry may succeed with a refreshed token. */
export function isRetryHopeless({ attempt, failure }: Retry): boolean {
  return attempt > 1 && isBeyondRetries(failure)
}

function isBeyondRetries({ reason }: Retry['failure']): boolean {
  return ['not-signed-in', 'model-unavailable', 'bad-request', 'not-installed'].includes(reason)
}

function sentMessages({ phase }: Agent): readonly AgentMessage[] {
  return isAgentInTurn(phase) ? phase.turn.messages : []
}
