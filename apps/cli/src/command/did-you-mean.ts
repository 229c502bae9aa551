import { computeEditDistance } from '@subagent-mcp/contract'

/** Describes a name that does not exist, and suggests the known name that is most like it. */
export function describeUnknownName(
  kind: 'command' | 'option',
  typed: string,
  known: readonly string[],
): string {
  const meant = didYouMean(typed, known)
  return `Unknown ${kind} '${typed}'${meant === undefined ? '' : `: did you mean ${meant}?`}`
}

/** Returns the known name that a mistyped one most likely means; `undefined` when none is close. */
function didYouMean(typed: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((name) => ({ name, distance: name.startsWith(typed) ? 1 : computeEditDistance(typed, name) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.min(2, name.length - 2)))
    .sort((a, b) => a.distance - b.distance)
  return best?.name
}
