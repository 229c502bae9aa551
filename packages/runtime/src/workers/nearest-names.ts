/**
 * Returns the known names that are most similar to an unknown name: at most three, the most similar first. They differ from it in few
 * letters, or have a word in common with it. Empty for a known name.
 */
export function nearestNames(name: string, known: readonly string[]): string[] {
  if (known.includes(name)) return []
  const most = Math.max(1, Math.floor(name.length / 3))
  return known
    .map((other) => ({ other, distance: editDistance(name.toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, distance }) => distance <= most || haveCommonWord(name, other))
    .sort((one, another) => one.distance - another.distance)
    .slice(0, 3)
    .map(({ other }) => other)
}

function haveCommonWord(name: string, other: string): boolean {
  const words = other.toLowerCase().split(/[_-]/)
  return name
    .toLowerCase()
    .split(/[_-]/)
    .some((word) => words.includes(word))
}

/** The number of letters that must be added, removed or replaced to turn one text into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1]
    for (const [column, other] of Array.from(to).entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
