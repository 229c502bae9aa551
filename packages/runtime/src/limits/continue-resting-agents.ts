import {
  mayFactChangeStatus,
  findUsageLimitEnding,
  type Agent,
  type AgentsState,
  type Supervisor,
} from '@subagent-mcp/core'
import type { CallerEnvironments } from '../callers/caller-environments.js'
import type { RuntimeState } from '../state/runtime-state.js'
import { writeHandOverMessage } from './hand-over-message.js'

type Parts = {
  supervisor: Supervisor
  history: RuntimeState['history']
  environments: Pick<CallerEnvironments, 'of' | 'has'>
  log: (line: string) => void
}

/** The agents that wait for a provider's limit to end and are then continued. */
export type RestingAgents = {
  /** Searches for agents that wait for a limit, such as those of an earlier runtime that was taken over. */
  look(): void
  stop(): void
}

/**
 * Continues agents that rest because of a limit: after its end in the same session, or immediately on the next candidate. An agent
 * of an earlier runtime needs the environment of a caller, so it waits until its caller, or a host in its project, is connected.
 */
export function continueRestingAgents({ supervisor, history, environments, log }: Parts): RestingAgents {
  const { clock, state } = supervisor
  let stopTimer = (): void => undefined
  const handing = new Set<string>()

  const look = (): void => {
    stopTimer()
    const resting = [...state().unsettled.values()]
      .filter(({ phase }) => phase.status === 'ended')
      .flatMap(restingAgent)
    const now = clock.now()
    for (const { agent, rest } of resting) if (rest.until <= now) continueAgent(agent)
    const next = Math.min(...resting.flatMap(({ rest }) => (rest.until > now ? [rest.until] : [])))
    if (next !== Infinity) stopTimer = clock.after(next - now, look)
  }
  const continueAgent = (agent: Agent): void => {
    const caller = environments.has(agent.actor) ? agent.actor : hostIn(state(), agent)
    const { id } = agent.profile
    if (caller === undefined || state().draining || handing.has(id)) return
    const send = (text: string): void => {
      handing.delete(id)
      const current = state().agents.get(id)
      if (!current || !findUsageLimitEnding(current) || state().draining) return
      const message = { id: supervisor.ids.message(), text }
      supervisor.dispatch({ type: 'limit-passed', at: clock.now(), agentId: id, message, caller })
    }
    if (!findUsageLimitEnding(agent)?.route) {
      send(continueText)
      return
    }
    handing.add(id)
    writeHandOverMessage({ agent, history, environment: environments.of(caller) }).then(
      send,
      (error: unknown) => {
        handing.delete(id)
        log(`agent ${id} could not be handed over: ${String(error)}`)
      },
    )
  }
  const unsubscribe = supervisor.subscribe((fact) => {
    if (fact.type === 'caller-connected' || mayFactChangeStatus(fact)) queueMicrotask(look)
  })
  return {
    look,
    stop: () => {
      unsubscribe()
      stopTimer()
    },
  }
}

/** Finds a connected host in the agent's project, whose environment replaces one that is lost. */
function hostIn({ callers }: AgentsState, { profile }: Agent): string | undefined {
  return [...callers].find(([, { depth, project }]) => depth === 0 && project === profile.project)?.[0]
}

function restingAgent(
  agent: Agent,
): { agent: Agent; rest: NonNullable<ReturnType<typeof findUsageLimitEnding>> }[] {
  const rest = findUsageLimitEnding(agent)
  return rest ? [{ agent, rest }] : []
}

const continueText =
  'Automatic notice: your last turn was cut off by a usage limit or an outage of your provider, which is over. Go on with your task.'
