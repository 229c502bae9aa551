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
    .map((name) => ({ name, distance: name.startsWith(typed) ? 1 : editDistance(typed, name) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.min(2, name.length - 2)))
    .sort((a, b) => a.distance - b.distance)
  return best?.name
}

/** Counts how many characters must be added, removed or replaced to make one word of the other. */
function editDistance(a: string, b: string): number {
  let row = [...Array(b.length + 1).keys()]
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
