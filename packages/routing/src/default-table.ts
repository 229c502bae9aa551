import { once } from '@subagent-mcp/contract'
import document from './default-table.json' with { type: 'json' }
import { RoutingTable } from './table.js'

/** The table that is shipped: candidates, reasons and their sources. Read once, and not before it is asked for. */
export const defaultTable = once(() => RoutingTable.parse(document))
