import type { Agent } from '../agent/agent.js'
import {
  hasOpenWaitTicket,
  waitTicketLifetimeMs,
  type AgentWaitTicket,
  type WaitTicketResult,
  type WaitTicketTerms,
} from '../agent/agent-wait-ticket.js'
import type { AgentsState } from './agents-state.js'

/** A ticket, computed from the agents that it covers. */
export type WaitTicket = {
  id: string
  caller: string
  project: string
  openedAt: number
  terms: WaitTicketTerms
  /** The covered agents, in launch order; once the ticket has ended, those of its result. */
  members: readonly Agent[]
  ended?: Pick<WaitTicketResult, 'at' | 'end'>
}

export function findWaitTicket(state: AgentsState, id: string, now: number): WaitTicket | undefined {
  const ticket = ticketOf(id, coveredAgents(state).get(id) ?? [])
  const isOver = ticket?.ended !== undefined && now - ticket.ended.at >= waitTicketLifetimeMs
  return isOver ? undefined : ticket
}

export function listOpenWaitTickets(state: AgentsState, caller: string): readonly WaitTicket[] {
  // Only unsettled agents have open tickets. Mostly none has, and then the agents that have ended need not be searched.
  if (!state.unsettled.some(({ tickets }) => hasOpenWaitTicket(tickets))) return []
  const all = [...coveredAgents(state)].flatMap(([id, covered]) => ticketOf(id, covered) ?? [])
  return all.filter((ticket) => ticket.caller === caller && !ticket.ended)
}

export function doesWaitTicketCoverAgent({ members }: WaitTicket, { profile }: Agent): boolean {
  return members.some((member) => member.profile.id === profile.id)
}

type Covered = { agent: Agent; ticket: AgentWaitTicket }

/** The agents of each ticket, in launch order. */
function coveredAgents({ agents }: AgentsState): ReadonlyMap<string, readonly Covered[]> {
  const found = new Map<string, Covered[]>()
  for (const agent of agents.values())
    for (const [id, ticket] of Object.entries(agent.tickets)) {
      const covered = found.get(id)
      if (covered) covered.push({ agent, ticket })
      else found.set(id, [{ agent, ticket }])
    }
  return found
}

function ticketOf(id: string, covered: readonly Covered[]): WaitTicket | undefined {
  const newest = covered.reduce<AgentWaitTicket | undefined>(
    (last, { ticket }) => (last && last.joinedAt > ticket.joinedAt ? last : ticket),
    undefined,
  )
  if (!newest) return undefined
  const { caller, project, terms } = newest
  const settled = covered.find(({ ticket }) => ticket.settled)?.ticket.settled
  const members = covered.filter(({ ticket }) => !settled || ticket.settled).map(({ agent }) => agent)
  const openedAt = Math.min(...covered.map(({ ticket }) => ticket.openedAt))
  const ended = settled && { ended: { at: settled.at, end: settled.end } }
  return { id, caller, project, openedAt, terms, members, ...ended }
}
