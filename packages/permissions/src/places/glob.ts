/** A part of a glob pattern: one given character, any character, or any number of characters. */
type Part =
  | { type: 'character'; character: string }
  | { type: 'one' }
  | { type: 'some'; slashes: boolean }
  /** The next two parts of a glob pattern are optional. */
  | { type: 'maybe' }

/**
 * Whether a text matches a pattern: `*` matches any text without a slash, with `wholeTree` any text; `**` matches any text,
 * and before a slash any number of folders; `?` matches one character. The time is at most pattern length times text length.
 */
export function matchesGlob(pattern: string, text: string, { wholeTree = false } = {}): boolean {
  return fits(partsOf(pattern, wholeTree), text)
}

/** The first text that matches a pattern in which `*` matches any text. */
export function findFirstGlobMatch(pattern: string, texts: readonly string[]): string | undefined {
  const parts = partsOf(pattern, true)
  return texts.find((text) => fits(parts, text))
}

function fits(parts: readonly Part[], text: string): boolean {
  let reached = passOver(parts, new Set([0]))
  for (const character of text) {
    const next = new Set<number>()
    for (const at of reached) {
      const part = parts[at]
      if (part?.type === 'character' && part.character === character) next.add(at + 1)
      if (part?.type === 'one' && character !== '/') next.add(at + 1)
      if (part?.type === 'some' && (part.slashes || character !== '/')) next.add(at)
    }
    if (next.size === 0) return false
    reached = passOver(parts, next)
  }
  return reached.has(parts.length)
}

/** Adds to the reached positions of a glob pattern those after parts that may match nothing. */
function passOver(parts: readonly Part[], reached: Set<number>): Set<number> {
  for (const at of reached) {
    const type = parts[at]?.type
    if (type === 'some' || type === 'maybe') reached.add(at + 1)
    if (type === 'maybe') reached.add(at + 3)
  }
  return reached
}

function partsOf(pattern: string, wholeTree: boolean): readonly Part[] {
  return (pattern.match(/\*\*+\/|\*+|[^*]/gsu) ?? []).flatMap((part): Part[] => {
    if (part === '?') return [{ type: 'one' }]
    if (!part.startsWith('*')) return [{ type: 'character', character: part }]
    const some = { type: 'some' as const, slashes: wholeTree || part.length > 1 }
    return part.endsWith('/') ? [{ type: 'maybe' }, some, { type: 'character', character: '/' }] : [some]
  })
}
