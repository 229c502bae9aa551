import { z } from 'zod'
import { RouteOverride } from './table.js'

/** The JSON Schema of a user's or project's table, for editors. */
export function routingTableSchema(): unknown {
  return z.toJSONSchema(RouteOverride, { target: 'draft-7', io: 'input', reused: 'ref' })
}
