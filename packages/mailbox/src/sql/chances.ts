import type { Store } from '@subagent-mcp/journal'
import { z } from 'zod'

/** When the next lease of an agent's messages ends, or what backs off is due, unless something happens before. */
export function nextChance(store: Store, agent: string, thread?: string): number | undefined {
  const times = store.rows(
    Again,
    thread === undefined
      ? `SELECT min(until) AS again FROM mailMessages WHERE recipient = ? AND status = 'held'
          UNION ALL SELECT min(blockedUntil) FROM mailQueues WHERE recipient = ? AND blockedUntil IS NOT NULL`
      : `SELECT min(until) AS again FROM mailMessages
            WHERE recipient = ? AND thread = ? AND finished = 0 AND status = 'held'
          UNION ALL SELECT blockedUntil FROM mailQueues WHERE recipient = ? AND thread = ?`,
    ...(thread === undefined ? [agent, agent] : [agent, thread, agent, thread]),
  )
  const known = times.flatMap(({ again }) => again ?? [])
  return known.length === 0 ? undefined : Math.min(...known)
}

const Again = z.object({ again: z.number().nullable() })

/** Whether something could be taken at once. */
export function canTake(
  store: Store,
  { agent, instance, thread }: { agent: string; instance: string; thread?: string },
): boolean {
  const ready = `SELECT 1 AS yes FROM mailQueues WHERE recipient = ? AND blockedUntil IS NULL`
  const own = `SELECT 1 AS yes FROM mailMessages WHERE holder = ? AND status = 'held'`
  const queues =
    thread === undefined
      ? store.rows(Yes, `${ready} LIMIT 1`, agent)
      : store.rows(Yes, `${ready} AND thread = ?`, agent, thread)
  return queues.length > 0 || store.rows(Yes, `${own} LIMIT 1`, instance).length > 0
}

const Yes = z.object({ yes: z.number() })
