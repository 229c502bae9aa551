import { z } from 'zod'
import { RouteOverride } from './routing-table.js'

export function createRoutingTableSchema(): unknown {
  return z.toJSONSchema(RouteOverride, { target: 'draft-7', io: 'input', reused: 'ref' })
}
