/**
 * A ticket stands for a wait that outlives its call and its daemon: a host polls the result of the wait by the ticket's id. The
 * ticket is stored with the agents that it covers.
 */
export type AgentWaitTicket = {
  /** The caller that opened the ticket. After that caller has disconnected: the first caller that polled the ticket. */
  caller: string
  project: string
  openedAt: number
  /** Unix milliseconds at which a call last added the agent to the ticket. */
  joinedAt: number
  terms: WaitTicketTerms
  settled?: WaitTicketResult
}

/** The conditions that end a ticket's wait, and the form of its result. */
export type WaitTicketTerms = {
  tool: 'wait' | 'invoke'
  until: 'any' | 'all'
  /** The caller named no agents, so agents that it launches later are covered too. */
  everyAgent?: true
  verbose?: true
  /** Unix milliseconds at which the wait ends without a result. */
  deadline?: number
}

/** The result of a ticket for one agent: its reports after number `from`, up to number `upTo`. */
export type WaitTicketResult = {
  at: number
  end: 'done' | 'timed-out' | 'cancelled'
  /** The caller that received the result first. */
  caller: string
  from: number
  upTo: number
  /** The number of the newest report that had been sent before on a connection that ended. */
  sent: number
}

export type WaitTicketFact =
  | { type: 'ticket-joined'; ticketId: string; caller: string; project: string; terms: WaitTicketTerms }
  | ({ type: 'ticket-settled'; ticketId: string } & Omit<WaitTicketResult, 'at'>)

/** The milliseconds for which the result of a ticket can be read again after its end. */
export const waitTicketLifetimeMs = 3_600_000

/** The tickets that cover an agent, by id. */
export type AgentWaitTickets = Readonly<Record<string, AgentWaitTicket>>

/** Whether one of the tickets has not ended. */
export function hasOpenWaitTicket(tickets: AgentWaitTickets): boolean {
  return Object.values(tickets).some(({ settled }) => !settled)
}

/** Applies a fact about a ticket. A settled ticket does not change any more. */
export function applyWaitTicketFact(
  tickets: AgentWaitTickets,
  { at, ...fact }: WaitTicketFact & { at: number },
): AgentWaitTickets {
  const { ticketId } = fact
  const known = tickets[ticketId]
  if (known?.settled) return tickets
  if (fact.type === 'ticket-settled') {
    const { type: _, ticketId: _id, ...settled } = fact
    return known ? { ...tickets, [ticketId]: { ...known, settled: { at, ...settled } } } : tickets
  }
  const { caller, project, terms } = fact
  const ticket = { caller, project, terms, openedAt: known?.openedAt ?? at, joinedAt: at }
  const readable = Object.entries(tickets).filter(
    ([, { settled }]) => !settled || at - settled.at < waitTicketLifetimeMs,
  )
  return { ...Object.fromEntries(readable), [ticketId]: ticket }
}
