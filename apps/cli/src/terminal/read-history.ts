import { settlesWithin } from '@subagent-mcp/driver-kit'
import type { DaemonClient, FactEvent } from '@subagent-mcp/daemon'

/** The facts about an agent that there are by now, after one that is known. */
export async function* readHistory(
  client: DaemonClient,
  agentId: string,
  after = 0,
): AsyncGenerator<FactEvent, void> {
  const stop = new AbortController()
  const events = client.events({ agentId, after, signal: stop.signal })[Symbol.asyncIterator]()
  try {
    for (let patience = after === 0 ? firstFact : nextFact; ; patience = nextFact) {
      // The daemon does not say where history ends: it sends it in one go, so a pause is the end.
      const next = events.next()
      if (!(await settlesWithin(next, patience))) return
      const result = await next
      // What is live only has no number, and comes when history is over.
      if (result.done || result.value.seq === undefined) return
      yield result.value
    }
  } finally {
    stop.abort()
  }
}

/** How long to wait for a fact, in milliseconds. */
const firstFact = 10_000
const nextFact = 300
