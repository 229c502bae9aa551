import type { DaemonClient, DaemonFactsQuery, NumberedFact } from '@subagent-mcp/client'
import { parseJournaledFact, type Fact } from '@subagent-mcp/core'

/** An event of the daemon whose fact has a type that this version knows. */
export type KnownFactEvent = Omit<NumberedFact, 'fact'> & { fact: Fact }

/** Follows the daemon's facts, as `events` of the client does, and drops those whose type this version does not know. */
export async function* streamKnownFacts(
  { events }: Pick<DaemonClient, 'events'>,
  query: DaemonFactsQuery,
): AsyncGenerator<KnownFactEvent, void> {
  for await (const event of events(query)) {
    const fact = parseJournaledFact(event.fact)
    if (fact) yield { ...event, fact }
  }
}

/** Whether an agent may have ended its turn with a fact. Only the state of the agent tells whether it has. */
export function mayFactEndAgentTurn(fact: Fact): boolean {
  return endings.includes(fact.type === 'session-event-received' ? fact.event.type : fact.type)
}

const endings: readonly string[] = [
  'turn-ended',
  'turn-checked',
  // The fact ends the check of a result.
  'interrupt-requested',
  'session-closed',
  'session-open-failed',
  'stop-requested',
  'shutdown-requested',
  'recovered',
]
