/**
 * The known names that a wrong one may stand for, at most three, the nearest first: names that differ from it in few
 * letters, or have a word in common with it. Empty for a name that is known.
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

/** How many letters have to be added, removed or replaced to make one text the other. */
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
