import { once } from '@subagent-mcp/contract'
import document from './default-table.json' with { type: 'json' }
import { RoutingTable } from './routing-table.js'

/** The shipped table, with reasons and their sources. It is parsed at the first call. */
export const defaultRoutingTable = once(() => RoutingTable.parse(document))
