import { createDebouncedCall } from '@subagent-mcp/contract'
import {
  findSpentBudget,
  mayFactChangeStatus,
  computeReportKeys,
  hostWakeDelayMs,
  doesAgentAcceptMessages,
  listAgentsWithUnreadReports,
  type Agent,
  type AgentsState,
  type Supervisor,
  type AgentsWithUnreadReports,
} from '@subagent-mcp/core'
import { formatReportNotice } from '@subagent-mcp/orchestration'

type ParentParts = {
  supervisor: Pick<Supervisor, 'state' | 'subscribe' | 'clock' | 'dispatch' | 'ids'>
  /** How many turns in a row an agent may have because of notices about the agents that it launched. */
  maxTurns: number
}

/** The prefix of the ids of turns that a notice has started. */
const noticePrefix = 'notice-'

/**
 * Starts a turn of an idle agent with a notice when agents that it launched have finished or ask, until the returned function is
 * called. The notice has fixed words. No notice is sent about reports that the agent has received, that an open call delivers, or
 * of which it already had a notice. Tasks of the pool, and agents that ended before this runtime began, get no notices.
 */
export function notifyLaunchers({ supervisor, maxTurns }: ParentParts): () => void {
  const { clock, state } = supervisor
  const startedAt = clock.now()
  const told = new Map<string, ReadonlySet<string>>()
  const look = (): void => {
    for (const { parent, ...unread } of unreadOfParents(state())) {
      const { finished, asking } = computeReportKeys(unread)
      const keys = [...finished, ...asking]
      const { id } = parent.profile
      const isNews = keys.some((key) => told.get(id)?.has(key) !== true)
      if (!isNews || !isAtRest(parent, startedAt) || noticesInARow(parent) >= maxTurns) continue
      if (state().draining || isOfWorker(state(), parent)) continue
      if (findSpentBudget(state(), parent.profile, clock.now())) continue
      told.set(id, new Set(keys))
      const text = `Automatic notice: ${formatReportNotice(unread)}`
      const message = { id: `${noticePrefix}${supervisor.ids.message()}`, text }
      const { actor: caller } = parent
      supervisor.dispatch({
        ...{ type: 'message-requested', at: clock.now(), agentId: id },
        ...{ message, caller, steer: false },
      })
    }
  }
  const looking = createDebouncedCall(clock, hostWakeDelayMs, look)
  const unsubscribe = supervisor.subscribe((fact) => {
    if (mayFactChangeStatus(fact)) looking.request()
  })
  looking.request()
  return () => {
    unsubscribe()
    looking.cancel()
  }
}

type ParentNews = AgentsWithUnreadReports & { parent: Agent }

function unreadOfParents(state: AgentsState): readonly ParentNews[] {
  const children = [...state.unsettled.values()].filter(({ profile }) => profile.origin && !profile.terminal)
  const callers = new Set(children.map(({ profile }) => profile.caller))
  const unread = [...callers].map((caller) => listAgentsWithUnreadReports(state, { caller }))
  const finished = unread.flatMap((agents) => agents.finished)
  const asking = unread.flatMap((agents) => agents.asking)
  const parents = new Map([...finished, ...asking].map((agent) => [agent, parentOf(state, agent)]))
  return [...new Set(parents.values())].flatMap((parent) => {
    const isOwn = (agent: Agent): boolean => parents.get(agent) === parent
    return parent ? [{ parent, finished: finished.filter(isOwn), asking: asking.filter(isOwn) }] : []
  })
}

/**
 * Returns the agent that launched another agent. Undefined for tasks of the pool, and if several agents shared the launching process,
 * because then the launcher is not known.
 */
function parentOf({ agents }: AgentsState, { profile }: Agent): Agent | undefined {
  const [parent, ...others] = (profile.origin ?? []).flatMap((name) => agents.get(name) ?? [])
  return others.length === 0 && !profile.pool ? parent : undefined
}

/** Whether an agent is idle, with its session open, or closed because the agent was idle. */
function isAtRest(agent: Agent, startedAt: number): boolean {
  const { phase, inbox } = agent
  if (!doesAgentAcceptMessages(agent) || inbox.length > 0) return false
  if (phase.status === 'ended') return phase.ending.type === 'closed' && phase.at >= startedAt
  return phase.status === 'idle'
}

/** The number of an agent's newest turns, without a gap, that notices have started. */
function noticesInARow({ turns }: Agent): number {
  return turns.length - 1 - turns.findLastIndex(({ id }) => !id.startsWith(noticePrefix))
}

/** Whether a worker runs an agent. Only the worker may start turns of such an agent, because it counts each turn against its budget. */
function isOfWorker({ callers }: AgentsState, { profile }: Agent): boolean {
  return callers.get(profile.caller)?.worker === true
}
