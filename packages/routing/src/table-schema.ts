import { z } from 'zod'
import { TableOverride } from './table.js'

/** The JSON Schema of a user's or project's table, for editors. */
export function tableSchema(): unknown {
  return z.toJSONSchema(TableOverride, { target: 'draft-7', io: 'input', reused: 'ref' })
}
