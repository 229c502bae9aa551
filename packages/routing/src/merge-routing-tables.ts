import type { RoutingTable, RouteOverride } from './routing-table.js'

/** Applies overrides to a routing table. The last override wins. */
export function mergeRoutingTables(base: RoutingTable, ...overrides: readonly RouteOverride[]): RoutingTable {
  return overrides.reduce<RoutingTable>(overlay, base)
}

function overlay(
  table: RoutingTable,
  { health, strongest, categories, sources }: RouteOverride,
): RoutingTable {
  return {
    health: health ?? table.health,
    strongest: strongest ?? table.strongest,
    categories: { ...table.categories, ...categories },
    sources: { ...table.sources, ...sources },
  }
}
