import type { DaemonClient, EventsQuery, FactEvent } from '@subagent-mcp/client'
import { readFact, type Fact } from '@subagent-mcp/core'

/** A fact of the daemon whose type this version knows. */
export type KnownFact = Omit<FactEvent, 'fact'> & { fact: Fact }

/** Follows the daemon's facts, as `events` of the client does, and drops those whose type this version does not know. */
export async function* knownFacts(
  { events }: Pick<DaemonClient, 'events'>,
  query: EventsQuery,
): AsyncGenerator<KnownFact, void> {
  for await (const event of events(query)) {
    const fact = readFact(event.fact)
    if (fact) yield { ...event, fact }
  }
}
