import type { Store } from '@subagent-mcp/journal'
import { z } from 'zod'

/** Where and when a command counts: all that a change may use besides the command itself. */
export type Moment = { store: Store; at: number }

/** The time goes on or stands, never back, whatever clocks say. Only inside `write`. */
export function momentOf(store: Store, at: number): Moment {
  const last = store.rows(At, 'SELECT at FROM mailFormat')[0]?.at ?? at
  if (last > at) return { store, at: last }
  if (last < at) store.run('UPDATE mailFormat SET at = ?', at)
  return { store, at }
}

const At = z.object({ at: z.number() })
