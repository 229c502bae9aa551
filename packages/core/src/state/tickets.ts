import type { Agent } from '../agent/agent.js'
import { ticketKeptFor, type AgentTicket, type SettledTicket, type TicketTerms } from '../agent/ticket.js'
import type { AgentsState } from './agents-state.js'

/** A ticket, as it follows from the agents that it covers. */
export type Ticket = {
  id: string
  caller: string
  project: string
  openedAt: number
  terms: TicketTerms
  /** The covered agents, in launch order; once the ticket has ended, those of its result. */
  members: readonly Agent[]
  ended?: Pick<SettledTicket, 'at' | 'end'>
}

/** Finds a ticket that is open or can still be read. */
export function findTicket(state: AgentsState, id: string, now: number): Ticket | undefined {
  const ticket = ticketOf(id, [...state.agents.values()])
  const isOver = ticket?.ended !== undefined && now - ticket.ended.at >= ticketKeptFor
  return isOver ? undefined : ticket
}

/** The open tickets of a caller. */
export function openTickets(state: AgentsState, caller: string): readonly Ticket[] {
  const all = [...state.agents.values()]
  const ids = all.flatMap(({ tickets }) =>
    Object.entries(tickets).flatMap(([id, ticket]) =>
      ticket.caller === caller && !ticket.settled ? [id] : [],
    ),
  )
  return [...new Set(ids)].flatMap((id) => {
    const ticket = ticketOf(id, all)
    return ticket && !ticket.ended ? [ticket] : []
  })
}

export function coversMember({ members }: Ticket, { profile }: Agent): boolean {
  return members.some((member) => member.profile.id === profile.id)
}

function ticketOf(id: string, agents: readonly Agent[]): Ticket | undefined {
  const covered = agents.flatMap((agent) => {
    const ticket = agent.tickets[id]
    return ticket ? [{ agent, ticket }] : []
  })
  const newest = covered.reduce<AgentTicket | undefined>(
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
