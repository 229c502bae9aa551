import type { Store } from '@subagent-mcp/journal'
import { z } from 'zod'

/** Where and when a command counts: all that a change may use besides the command itself. */
export type Moment = { store: Store; at: number }

/** The time goes on or stands, never back, whatever clocks say. Only inside `write`. */
export function momentOf(store: Store, at: number): Moment {
  const [now] = store.rows(At, 'UPDATE mailFormat SET at = max(at, ?) RETURNING at', at)
  return { store, at: now?.at ?? at }
}

const At = z.object({ at: z.number() })
