import { delayCall } from '@subagent-mcp/contract'
import {
  mayChangeStatus,
  reportKeys,
  reportPauseMs,
  takesMessages,
  unreadAgents,
  type Agent,
  type AgentsState,
  type Supervisor,
  type UnreadAgents,
} from '@subagent-mcp/core'
import { reportNotice } from '@subagent-mcp/orchestration'

type ParentParts = {
  supervisor: Pick<Supervisor, 'state' | 'subscribe' | 'clock' | 'dispatch' | 'ids'>
  /** How many turns in a row an agent may have because of such notices. */
  maxTurns: number
}

/** How the ids of the turns begin that a notice started. */
const noticePrefix = 'notice-'

/**
 * Tells agents that launched others, as their next turn, that these have finished or ask, until the returned function is
 * called. The notice has fixed words. There is none for reports that were received, that an open call delivers, or of which
 * the agent had a notice. Nothing is told to tasks of the pool, or to agents that ended before this runtime began.
 */
export function keepTellingParents({ supervisor, maxTurns }: ParentParts): () => void {
  const { clock, state } = supervisor
  const startedAt = clock.now()
  const told = new Map<string, ReadonlySet<string>>()
  const look = (): void => {
    for (const { parent, ...unread } of unreadOfParents(state())) {
      const { finished, asking } = reportKeys(unread)
      const keys = [...finished, ...asking]
      const { id } = parent.profile
      const isNews = keys.some((key) => told.get(id)?.has(key) !== true)
      if (!isNews || !isAtRest(parent, startedAt) || noticesInARow(parent) >= maxTurns) continue
      if (state().draining || isOfWorker(state(), parent)) continue
      told.set(id, new Set(keys))
      const text = `Automatic notice: ${reportNotice(unread)}`
      const message = { id: `${noticePrefix}${supervisor.ids.message()}`, text }
      const { actor: caller } = parent
      supervisor.dispatch({
        ...{ type: 'message-requested', at: clock.now(), agentId: id },
        ...{ message, caller, steer: false },
      })
    }
  }
  const looking = delayCall(clock, reportPauseMs, look)
  const unsubscribe = supervisor.subscribe((fact) => {
    if (mayChangeStatus(fact)) looking.request()
  })
  looking.request()
  return () => {
    unsubscribe()
    looking.cancel()
  }
}

type ParentNews = UnreadAgents & { parent: Agent }

/** The agents with unread reports of others that they launched. */
function unreadOfParents(state: AgentsState): readonly ParentNews[] {
  const children = [...state.agents.values()].filter(({ profile }) => profile.origin && !profile.terminal)
  const callers = new Set(children.map(({ profile }) => profile.caller))
  const unread = [...callers].map((caller) => unreadAgents(state, { caller }))
  const finished = unread.flatMap((agents) => agents.finished)
  const asking = unread.flatMap((agents) => agents.asking)
  const parents = new Map([...finished, ...asking].map((agent) => [agent, parentOf(state, agent)]))
  return [...new Set(parents.values())].flatMap((parent) => {
    const isOwn = (agent: Agent): boolean => parents.get(agent) === parent
    return parent ? [{ parent, finished: finished.filter(isOwn), asking: asking.filter(isOwn) }] : []
  })
}

/**
 * The agent that launched another one. Undefined for tasks of the pool, and where several agents shared the process that
 * launched it, because then it is not known which of them did.
 */
function parentOf({ agents }: AgentsState, { profile }: Agent): Agent | undefined {
  const [parent, ...others] = (profile.origin ?? []).flatMap((name) => agents.get(name) ?? [])
  return others.length === 0 && !profile.pool ? parent : undefined
}

/** Whether an agent has nothing to do, and its session is open, or was closed because it had nothing to do. */
function isAtRest(agent: Agent, startedAt: number): boolean {
  const { phase, inbox } = agent
  if (!takesMessages(agent) || inbox.length > 0) return false
  if (phase.status === 'ended') return phase.ending.type === 'closed' && phase.at >= startedAt
  return phase.status === 'idle'
}

/** How many of an agent's newest turns were started by notices. */
function noticesInARow({ turns }: Agent): number {
  return turns.length - 1 - turns.findLastIndex(({ id }) => !id.startsWith(noticePrefix))
}

/** Whether a worker runs an agent: it pays for each turn from its budget, so it alone starts them. */
function isOfWorker({ callers }: AgentsState, { profile }: Agent): boolean {
  return callers.get(profile.caller)?.worker === true
}
