import document from './default-table.json' with { type: 'json' }
import { RoutingTable } from './table.js'

/** The table that is shipped: candidates, reasons and their sources, as data. */
export const defaultTable: RoutingTable = RoutingTable.parse(document)
