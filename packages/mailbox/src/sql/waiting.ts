import type { Store } from '@subagent-mcp/journal'
import { z } from 'zod'
import type { Waiting } from '../mailbox.js'

/** What can be taken and nobody holds, for each agent that has some. */
export function waitingIn(store: Store): Waiting[] {
  const work = 'SELECT agent, work AS messages FROM mailTallies WHERE work > 0 ORDER BY agent'
  return store.rows(WorkRow, work).flatMap(({ agent, messages }) => {
    const last = lastFor(store, agent)
    const newest = last[0]?.id
    const from = [...new Set(last.map(({ sender }) => sender))].slice(0, mostSenders)
    return newest === undefined ? [] : [{ agent, messages, newest, from }]
  })
}

const WorkRow = z.object({ agent: z.string(), messages: z.number() })

/** The newest first: among so many, as one who writes much would have all that wait be looked at. */
function lastFor(store: Store, agent: string): z.infer<typeof LastRow>[] {
  const last = `SELECT id, sender FROM mailMessages WHERE recipient = ? AND status = 'waiting' AND wakes = 1
    ORDER BY seq DESC LIMIT 32`
  return store.rows(LastRow, last, agent)
}

const LastRow = z.object({ id: z.string(), sender: z.string() })
const mostSenders = 3
