import type { RoutingTable, TableOverride } from './table.js'

/** Applies overrides to a routing table. The last override wins. */
export function mergeTables(base: RoutingTable, ...overrides: readonly TableOverride[]): RoutingTable {
  return overrides.reduce<RoutingTable>(overlay, base)
}

function overlay(
  table: RoutingTable,
  { health, strongest, categories, sources }: TableOverride,
): RoutingTable {
  return {
    health: health ?? table.health,
    strongest: strongest ?? table.strongest,
    categories: { ...table.categories, ...categories },
    sources: { ...table.sources, ...sources },
  }
}
