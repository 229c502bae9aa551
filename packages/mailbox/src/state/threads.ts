import { pageSizes } from '@subagent-mcp/contract'
import type { Store } from '@subagent-mcp/journal'
import { z } from 'zod'
import type { Page, Thread } from '../mailbox.js'

/** The newest first, of an agent or of all. */
export function threadsIn(
  store: Store,
  { agent = '', limit = pageSizes.default }: { agent?: string } & Page,
): Thread[] {
  const newest = 'SELECT thread FROM mailTalks WHERE agent = ? ORDER BY last DESC LIMIT ?'
  return store.rows(TalkRow, newest, agent, limit).flatMap(({ thread }) => threadOf(store, thread))
}

const TalkRow = z.object({ thread: z.string() })

function threadOf(store: Store, id: string): Thread[] {
  const counts = "SELECT messages, waiting FROM mailTalks WHERE thread = ? AND agent = ''"
  const names = "SELECT agent FROM mailTalks WHERE thread = ? AND agent <> '' ORDER BY agent"
  const newest =
    'SELECT sentAt, substr(body, 1, 200) AS last FROM mailMessages WHERE thread = ? ORDER BY seq DESC LIMIT 1'
  const agents = store.rows(AgentRow, names, id).map(({ agent }) => agent)
  return store
    .rows(CountsRow, counts, id)
    .flatMap((counted) =>
      store
        .rows(LastRow, newest, id)
        .map(({ sentAt, last }) => ({ id, agents, ...counted, lastAt: sentAt, last })),
    )
}

const CountsRow = z.object({ messages: z.number(), waiting: z.number() })
const AgentRow = z.object({ agent: z.string() })
const LastRow = z.object({ sentAt: z.number(), last: z.string() })
