import type { Environment } from '@subagent-mcp/driver-kit'
import { mayChangeStatus, restOf, type Agent, type Supervisor } from '@subagent-mcp/core'
import type { RuntimeState } from '../state/state.js'
import { handOverPacket } from './hand-over-packet.js'

type ContinuingParts = {
  supervisor: Supervisor
  history: RuntimeState['history']
  /** Whether the environment of a caller is known. It is lost with the process that knew it. */
  hasEnvironment: (caller: string) => boolean
  environmentOf: (caller: string) => Environment
  log: (line: string) => void
}

/** Agents that rest because of a limit, and are continued when it is over. */
export type Continuing = {
  /** Looks for resting agents, as after the agents of an earlier runtime were taken over. */
  look(): void
  stop(): void
}

/**
 * Continues agents that rest because of a limit: after its end in the same session, or immediately on the next candidate. An agent
 * of an earlier runtime needs the environment of a caller, so it waits until its caller, or a host in its project, is connected.
 */
export function keepContinuing({ supervisor, history, log, ...callers }: ContinuingParts): Continuing {
  const { clock, state } = supervisor
  let stopTimer = (): void => undefined
  const handing = new Set<string>()

  const look = (): void => {
    stopTimer()
    const resting = [...state().agents.values()]
      .filter(({ phase }) => phase.status === 'ended')
      .flatMap(restingAgent)
    const now = clock.now()
    for (const { agent, rest } of resting) if (rest.until <= now) continueAgent(agent)
    const next = Math.min(...resting.flatMap(({ rest }) => (rest.until > now ? [rest.until] : [])))
    if (next !== Infinity) stopTimer = clock.after(next - now, look)
  }
  const continueAgent = (agent: Agent): void => {
    const caller = callerFor(agent)
    const { id } = agent.profile
    if (caller === undefined || state().draining || handing.has(id)) return
    const send = (text: string): void => {
      handing.delete(id)
      const current = state().agents.get(id)
      if (!current || !restOf(current) || state().draining) return
      const message = { id: supervisor.ids.message(), text }
      supervisor.dispatch({ type: 'limit-passed', at: clock.now(), agentId: id, message, caller })
    }
    if (!restOf(agent)?.route) return send(continueText)
    handing.add(id)
    handOverPacket({ agent, history, environment: callers.environmentOf(caller) }).then(
      send,
      (error: unknown) => {
        handing.delete(id)
        log(`agent ${id} could not be handed over: ${String(error)}`)
      },
    )
  }
  /** The caller whose environment the agent's next session gets. */
  const callerFor = ({ actor, profile }: Agent): string | undefined => {
    if (callers.hasEnvironment(actor)) return actor
    const host = [...state().callers].find(
      ([, { depth, project }]) => depth === 0 && project === profile.project,
    )
    return host?.[0]
  }

  const unsubscribe = supervisor.subscribe((fact) => {
    if (fact.type === 'caller-connected' || mayChangeStatus(fact)) queueMicrotask(look)
  })
  return {
    look,
    stop: () => {
      unsubscribe()
      stopTimer()
    },
  }
}

function restingAgent(agent: Agent): { agent: Agent; rest: NonNullable<ReturnType<typeof restOf>> }[] {
  const rest = restOf(agent)
  return rest ? [{ agent, rest }] : []
}

const continueText =
  'Automatic notice: your last turn was cut off by a usage limit or an outage of your provider, which is over. Go on with your task.'
