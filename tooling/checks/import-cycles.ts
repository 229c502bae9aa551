import type { RepositorySource } from './read-sources.js'

/** Returns the groups of files that import each other, directly or through other files. Type imports count too. */
export function importCycles(sources: readonly RepositorySource[]): string[][] {
  const importsOf = new Map(sources.map(({ path, imports }) => [path, imports]))
  const walk: Walk = { importsOf, places: new Map(), open: [], groups: [] }
  for (const { path } of sources) if (!walk.places.has(path)) visit(path, walk)
  return walk.groups
    .filter((group) => group.length > 1 || group.some((path) => importsOf.get(path)?.includes(path)))
    .map((group) => group.toSorted())
}

type Walk = {
  importsOf: ReadonlyMap<string, readonly string[]>
  /** The position at which the walk first reached each file. */
  places: Map<string, number>
  /** Files whose group is not complete yet, in the order of their positions. */
  open: string[]
  groups: string[][]
}

/** One step of Tarjan's algorithm: returns the lowest position among the open files that can be reached from `path`. */
function visit(path: string, walk: Walk): number {
  const place = walk.places.size
  walk.places.set(path, place)
  walk.open.push(path)
  let earliest = place
  for (const next of walk.importsOf.get(path) ?? []) {
    const seen = walk.places.get(next)
    if (seen === undefined && walk.importsOf.has(next)) earliest = Math.min(earliest, visit(next, walk))
    else if (seen !== undefined && walk.open.includes(next)) earliest = Math.min(earliest, seen)
  }
  if (earliest === place) walk.groups.push(walk.open.splice(walk.open.indexOf(path)))
  return earliest
}
