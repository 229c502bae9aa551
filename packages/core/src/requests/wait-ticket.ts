import { SubagentError } from '@subagent-mcp/contract'
import type { Agent } from '../agent/agent.js'
import { willAgentReportUnprompted } from '../agent/agent-view.js'
import { listOpenQuestions, selectAgentReportsAfter } from '../agent/reports.js'
import type { WaitTicketResult, WaitTicketTerms } from '../agent/agent-wait-ticket.js'
import { getNewestDeliveredReportNumber, getNewestUnsettledReportNumber } from '../state/agents-state.js'
import {
  doesWaitTicketCoverAgent,
  findWaitTicket,
  listOpenWaitTickets,
  type WaitTicket,
} from '../state/wait-tickets.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import { offerReportsToCaller, type ReportDelivery } from './wait-for-reports.js'
import {
  listAgentsOfWait,
  selectNewReports,
  computeWaitOutcome,
  type AgentWithNewReports,
  type AgentWaitOutcome,
} from './agent-wait-outcome.js'

/** The agents for which a ticket is requested: the named ones, or all for which the caller may wait. */
export type WaitTicketQuery = { agentIds?: readonly string[]; terms: WaitTicketTerms }

/** A ticket as a caller sees it: its wait still runs, or has ended with a result and the delivery of its reports. */
export type WaitTicketView = { ticket: WaitTicket } & (
  | { type: 'open'; outcome: AgentWaitOutcome; isHeld: boolean }
  | { type: 'cancelled' }
  | { type: 'done' | 'timed-out'; outcome: AgentWaitOutcome; delivery: ReportDelivery }
)

/**
 * Opens a ticket for a wait. A caller has one open ticket for all its waits, to which further waits add their agents, and one
 * ticket for each task that it invoked. Returns `undefined` if the wait would end immediately.
 */
export function openWaitTicket(
  supervisor: Supervisor,
  caller: string,
  { agentIds, terms }: WaitTicketQuery,
): WaitTicket | undefined {
  const state = supervisor.state()
  const open = listOpenWaitTickets(state, caller)
  const inScope = listAgentsOfWait(state, { caller, ...(agentIds && { agentIds }) })
  const shared = open.find((ticket) => terms.tool === 'wait' && ticket.terms.tool === 'wait')
  const named =
    agentIds && open.find((ticket) => inScope.some((agent) => doesWaitTicketCoverAgent(ticket, agent)))
  const known = named ?? shared
  const own = inScope.filter((agent) =>
    open.every((other) => other === known || !doesWaitTicketCoverAgent(other, agent)),
  )
  // All agents of the wait are those of tasks, which have tickets.
  const joined = known ?? (own.length === 0 ? open[0] : undefined)
  if (joined?.terms.tool === 'invoke') return reopen(supervisor, caller, joined.id)
  const outcome = computeWaitOutcome(state, {
    caller,
    agentIds: own.map(({ profile }) => profile.id),
    until: terms.until,
  })
  const isCovered = joined !== undefined && own.some((agent) => doesWaitTicketCoverAgent(joined, agent))
  // Only a call that names agents ends when one of them has nothing to report any more.
  const hasResult = agentIds !== undefined || outcome.news.length > 0 || outcome.running.length === 0
  if (!isCovered && outcome.done && hasResult) return undefined
  const ticketId = joined?.id ?? supervisor.ids.message()
  const awaited = [...outcome.running, ...outcome.news.map(({ agent }) => agent)]
  join(supervisor, { ticketId, caller, terms }, [...new Set([...awaited, ...(joined?.members ?? [])])])
  return reopen(supervisor, caller, ticketId)
}

/** Adds an agent that starts a turn to its caller's open ticket, if that ticket is for all agents and the caller still polls it. */
export function addAgentToWaitTicket(supervisor: Supervisor, caller: string, agentId: string): void {
  const state = supervisor.state()
  const agent = state.agents.get(agentId)
  const ticket = listOpenWaitTickets(state, caller).find(
    ({ id, terms }) => terms.everyAgent && state.waits.has(id),
  )
  if (!agent || !ticket || doesWaitTicketCoverAgent(ticket, agent)) return
  join(supervisor, { ticketId: ticket.id, caller, terms: ticket.terms }, [agent])
  reopen(supervisor, caller, ticket.id)
}

/**
 * Options of a look at a ticket. `showsForms`: the caller's user can answer questions of the covered agents. `isHeld`: the ticket
 * stays open even if its wait is over.
 */
export type WaitTicketPollOptions = { ticketId: string; showsForms: boolean; isHeld?: boolean }

/**
 * Looks at a ticket, and ends the ticket if its wait is over and not held open. After that each look returns the same reports.
 * @throws SubagentError `invalid-parameter` for an unknown ticket
 */
export function pollWaitTicket(
  supervisor: Supervisor,
  caller: string,
  { ticketId, showsForms, isHeld = false }: WaitTicketPollOptions,
): WaitTicketView {
  const known = ownTicket(supervisor, caller, ticketId)
  if (known.ended) return settledLook(supervisor, caller, known)
  const { terms, members } = known
  if (known.caller !== caller && !supervisor.state().callers.has(known.caller))
    join(supervisor, { ticketId, caller, terms }, members)
  if (showsForms) showQuestions(supervisor, caller, members)
  const ticket = reopen(supervisor, caller, ticketId) ?? known
  const agentIds = idsOf(ticket)
  const { until, deadline = Infinity } = terms
  const outcome = computeWaitOutcome(supervisor.state(), { caller, agentIds, until, waitId: ticketId })
  // An agent without news does not end the wait while others run, because one call named all of them together.
  const isDone = outcome.done && (outcome.news.length > 0 || outcome.running.length === 0)
  const isOver = isDone || supervisor.clock.now() >= deadline
  if (isHeld || !isOver) return { type: 'open', ticket, outcome, isHeld: isOver }
  settle(supervisor, { ticket, caller, end: isDone ? 'done' : 'timed-out' })
  return settledLook(supervisor, caller, ownTicket(supervisor, caller, ticketId))
}

/** Ends an open ticket without taking reports. Its agents continue. Does nothing to a ticket that has ended. */
export function cancelWaitTicket(supervisor: Supervisor, caller: string, ticketId: string): void {
  const ticket = ownTicket(supervisor, caller, ticketId)
  settle(supervisor, { ticket, caller, end: 'cancelled' })
  markWaitTicketUnpolled(supervisor, caller, ticketId)
}

/** Records that a caller no longer polls a ticket, so that its user learns of the reports in other ways. */
export function markWaitTicketUnpolled(
  { state, dispatch, clock }: Supervisor,
  caller: string,
  ticketId: string,
): void {
  if (state().waits.get(ticketId)?.caller !== caller) return
  dispatch({ type: 'wait-closed', at: clock.now(), waitId: ticketId })
}

/** Finds a ticket of the caller. All hosts of the user in the project may look at a ticket, agents may not. */
function ownTicket({ state, clock }: Supervisor, caller: string, ticketId: string): WaitTicket {
  const ticket = findWaitTicket(state(), ticketId, clock.now())
  const { depth, project } = state().callers.get(caller) ?? {}
  if (ticket && depth === 0 && project === ticket.project) return ticket
  const hint = 'call wait: it returns what has not been received'
  throw new SubagentError('invalid-parameter', `no task '${ticketId}'`, { hint })
}

type Joining = { ticketId: string; caller: string; terms: WaitTicketTerms }

function join(
  { state, dispatch, clock }: Supervisor,
  { caller, ...ticket }: Joining,
  agents: readonly Agent[],
): void {
  const project = state().callers.get(caller)?.project ?? ''
  for (const { profile } of agents)
    dispatch({ type: 'ticket-joined', at: clock.now(), agentId: profile.id, caller, project, ...ticket })
}

/**
 * Records that a ticket's reports are being sent: until the caller disconnects, its other waits and the hints leave these reports
 * out.
 */
function reopen({ state, dispatch, clock }: Supervisor, caller: string, id: string): WaitTicket | undefined {
  const ticket = findWaitTicket(state(), id, clock.now())
  if (!ticket) return undefined
  const agentIds = idsOf(ticket)
  const wait = state().waits.get(id)
  if (wait?.caller !== caller || wait.agentIds?.join() !== agentIds.join())
    dispatch({ type: 'wait-opened', at: clock.now(), waitId: id, caller, agentIds })
  return ticket
}

function showQuestions(
  { state, dispatch, clock }: Supervisor,
  caller: string,
  agents: readonly Agent[],
): void {
  for (const { profile } of agents) {
    const agent = state().agents.get(profile.id)
    for (const { requestId, passed } of agent ? listOpenQuestions(agent) : [])
      if (!passed)
        dispatch({ type: 'question-shown', at: clock.now(), agentId: profile.id, requestId, caller })
  }
}

type Settling = { ticket: WaitTicket; caller: string; end: WaitTicketResult['end'] }

function settle({ state, dispatch, clock }: Supervisor, { ticket, caller, end }: Settling): void {
  for (const { profile } of ticket.members) {
    const agent = state().agents.get(profile.id)
    if (!agent) continue
    const upTo = agent.reports.length
    const from = end === 'cancelled' ? upTo : getNewestDeliveredReportNumber(state(), caller, agent)
    const sent = getNewestUnsettledReportNumber(state(), caller, agent)
    const result = { ticketId: ticket.id, end, caller, from, upTo, sent }
    dispatch({ type: 'ticket-settled', at: clock.now(), agentId: profile.id, ...result })
  }
}

type State = ReturnType<Supervisor['state']>

/** The result of an ended ticket. Reports that an earlier connection may have received are marked as repeated. */
function settledLook(supervisor: Supervisor, caller: string, ticket: WaitTicket): WaitTicketView {
  const { ended, id, members } = ticket
  if (!ended || ended.end === 'cancelled') return { type: 'cancelled', ticket }
  const all = members.map((agent) => resultFor(supervisor.state(), caller, { agent, id }))
  const news = all.filter(({ reports }) => reports.length > 0)
  const silent = all.filter(({ reports }) => reports.length === 0).map(({ agent }) => agent)
  const known = silent.filter((agent) => !willAgentReportUnprompted(agent))
  const outcome = { done: true, news, known, running: members.filter(willAgentReportUnprompted) }
  return { type: ended.end, ticket, outcome, delivery: deliver(supervisor, { caller, ticket, news }) }
}

function resultFor(
  state: State,
  caller: string,
  { agent, id }: { agent: Agent; id: string },
): AgentWithNewReports {
  const settled = agent.tickets[id]?.settled
  if (!settled) return { ...selectNewReports(state, caller, agent), reports: [] }
  const { caller: first, from, upTo, sent } = settled
  const taken = first === caller ? 0 : (agent.offered[first] ?? 0)
  const sentBefore = Math.max(sent, taken, getNewestUnsettledReportNumber(state, caller, agent))
  // Reports that came later are not part of the result, and must not count as received with it.
  const then = { ...agent, reports: agent.reports.slice(0, upTo) }
  return { agent: then, reports: selectAgentReportsAfter(then, from, sentBefore) }
}

type Delivering = { caller: string; ticket: WaitTicket; news: readonly AgentWithNewReports[] }

function deliver(supervisor: Supervisor, { caller, ticket, news }: Delivering): ReportDelivery {
  const due = news.filter(({ agent }) => agent.reports.length > (agent.delivered[caller] ?? 0))
  reopen(supervisor, caller, ticket.id)
  const answer = Object.fromEntries(due.map(({ agent }) => [agent.profile.id, agent.reports.length]))
  supervisor.dispatch({ type: 'wait-answered', at: supervisor.clock.now(), waitId: ticket.id, answer })
  const close = (): void => {
    markWaitTicketUnpolled(supervisor, caller, ticket.id)
  }
  return offerReportsToCaller(supervisor, { caller, news: due, close })
}

function idsOf({ members }: WaitTicket): string[] {
  return members.map(({ profile }) => profile.id)
}
