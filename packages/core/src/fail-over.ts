import type { Failure, SessionEvent } from '@subagent-mcp/contract'
import type { Agent, Message } from './agent.js'
import { isInTurn } from './agent-view.js'
import type { Step } from './ending.js'
import { nextRoute } from './route.js'

/** How a candidate failed: `sessionOpen` tells that its session must be closed before the next one opens. */
export type LaunchFailure = { failure: Failure; at: number; sessionOpen: boolean; again: boolean }

/** Moves a launch of which nothing was seen yet on to its next candidate; `undefined` when it cannot be moved. */
export function failOver(agent: Agent, { failure, at, sessionOpen, again }: LaunchFailure): Step | undefined {
  if (!isLaunching(agent)) return undefined
  const route = nextRoute(agent.route, failure, { at, again })
  if (!route) return undefined
  const moved: Agent = {
    ...agent,
    route,
    notes: [],
    session: {},
    inbox: [...sentMessages(agent), ...agent.inbox],
    activity: { ...agent.activity, visibleAt: at },
  }
  if (!sessionOpen) return openCandidate(moved)
  return [
    { ...moved, phase: { status: 'switching' } },
    { type: 'close', agentId: agent.profile.id, mode: 'kill' },
  ]
}

/** Opens a session of the candidate that is to run the agent now. */
export function openCandidate(agent: Agent): Step {
  const { profile, route } = agent
  return [
    { ...agent, phase: { status: 'opening' } },
    { type: 'open', profile, candidate: route.current },
  ]
}

/** Whether nothing was seen of the agent yet: until then another candidate can take over unnoticed. */
export function isLaunching({ turns, phase }: Agent): boolean {
  return turns.length === 0 && !(isInTurn(phase) && phase.turn.firstOutputAt !== undefined)
}

/** Whether a retry that the CLI announces is reason enough to move on: what waiting may mend gets a second try. */
export function isHopeless({ attempt, failure }: SessionEvent & { type: 'retry-announced' }): boolean {
  const atOnce = ['not-signed-in', 'rate-limited', 'model-unavailable', 'bad-request', 'not-installed']
  return attempt > 1 || atOnce.includes(failure.reason)
}

function sentMessages({ phase }: Agent): readonly Message[] {
  return isInTurn(phase) ? phase.turn.messages : []
}
