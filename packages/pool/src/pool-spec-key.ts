import { createHash } from 'node:crypto'
import type { Recipe } from './pool-spec.js'

/** Names what a recipe makes. Without its limits: they hold for the processes that there are. */
export function recipeKey({ limits: _, ...made }: Recipe): string {
  return hash(made)
}

/** Names what a recipe is for. A new recipe of a lane takes the place of the one before it. */
export function recipeLane({ agent, project, spec: { cwd, environment, depth } }: Recipe): string {
  return hash({ agent, project, cwd, environment, depth })
}

/** A hash, so that no key or token of the environment can be read off it. */
function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex')
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}
