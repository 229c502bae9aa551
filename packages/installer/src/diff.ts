import { hideStrings, stringLines, stringsIn } from './hide-strings.js'

/**
 * What differs between two texts, as `diff -u` shows it; empty when nothing does. Our own, since a plan needs no more
 * than this of what the packages for it do, and they are larger than the whole of setup. Of settings, which may hold
 * secrets, it shows only those strings that change.
 */
export function unifiedDiff(before: string | undefined, after: string, path: string): string {
  const [old, young] = [linesOf(before ?? ''), linesOf(after)]
  const hunks = hunksOf(editScript(old, young))
  if (hunks.length === 0) return ''
  const header = [`--- ${before === undefined ? '/dev/null' : path}`, `+++ ${path}`]
  const shown = /\.(jsonc?|toml)$/.test(path) ? hunks.map(withoutSecrets(stringLines(before ?? ''))) : hunks
  return [...header, ...shown.map(shortened).flatMap(describeHunk), ''].join('\n')
}

/** A line of the diff: where it stands in both texts, counted from 0, and what becomes of it. */
type Line = { mark: ' ' | '-' | '+'; text: string; old: number; young: number }

/** Lines around a change. */
const context = 3

/** More changes than this are shown as one text instead of the other: to find the fewest takes their square. */
const mostChanges = 1000

/** Each with its line break, so that a missing one at the end is a difference. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** The changed lines with those around them. What both texts begin and end with is compared at once: files are long, changes short. */
function editScript(old: readonly string[], young: readonly string[]): Line[] {
  const shorter = Math.min(old.length, young.length)
  let head = 0
  while (head < shorter && old[head] === young[head]) head += 1
  let tail = 0
  while (tail < shorter - head && old.at(-1 - tail) === young.at(-1 - tail)) tail += 1
  const middle = shortestScript(old.slice(head, old.length - tail), young.slice(head, young.length - tail))
  const kept = marked(' ')
  const start = Math.max(0, head - context)
  const end = old.length - tail + Math.min(tail, context)
  const lines = [
    ...old.slice(start, head).map(kept),
    ...middle,
    ...old.slice(old.length - tail, end).map(kept),
  ]
  return placed(lines, start)
}

type Unplaced = Pick<Line, 'mark' | 'text'>

function marked(mark: Line['mark']) {
  return (text: string): Unplaced => ({ mark, text })
}

function placed(lines: readonly Unplaced[], start: number): Line[] {
  let [old, young] = [start, start]
  return lines.map((line) => {
    const here = { ...line, old, young }
    if (line.mark !== '+') old += 1
    if (line.mark !== '-') young += 1
    return here
  })
}

/**
 * The fewest removals and additions, as Myers finds them: `reached` says for each diagonal (lines of the old text less
 * lines of the new) how far into the old text one comes with so many; a copy of each step leads back.
 */
function shortestScript(old: readonly string[], young: readonly string[]): Unplaced[] {
  const steps: Map<number, number>[] = []
  let reached = new Map([[1, 0]])
  for (let count = 0; count <= old.length + young.length; count += 1) {
    if (count > mostChanges) return [...old.map(marked('-')), ...young.map(marked('+'))]
    const next = new Map(reached)
    for (let diagonal = -count; diagonal <= count; diagonal += 2) {
      let x = fromBelow(reached, diagonal, count) ? at(reached, diagonal + 1) : at(reached, diagonal - 1) + 1
      while (x < old.length && x - diagonal < young.length && old[x] === young[x - diagonal]) x += 1
      next.set(diagonal, x)
    }
    steps.push(reached)
    reached = next
    if (at(reached, old.length - young.length) >= old.length) break
  }
  return backtrack(old, young, steps)
}

/** Whether the way to a diagonal adds a line of the new text, rather than removing one of the old. */
function fromBelow(reached: ReadonlyMap<number, number>, diagonal: number, count: number): boolean {
  if (diagonal === -count) return true
  return diagonal !== count && at(reached, diagonal - 1) < at(reached, diagonal + 1)
}

function at(reached: ReadonlyMap<number, number>, diagonal: number): number {
  return reached.get(diagonal) ?? -1
}

function backtrack(old: readonly string[], young: readonly string[], steps: readonly Map<number, number>[]) {
  const script: Unplaced[] = []
  let [x, y] = [old.length, young.length]
  for (const [count, reached] of [...steps.entries()].reverse()) {
    const diagonal = x - y
    const before = fromBelow(reached, diagonal, count) ? diagonal + 1 : diagonal - 1
    const start = at(reached, before)
    while (x > start && y > start - before && x > 0 && y > 0) {
      x -= 1
      y -= 1
      script.unshift({ mark: ' ', text: old[x] ?? '' })
    }
    if (count === 0) break
    if (before > diagonal) script.unshift({ mark: '+', text: young[y - 1] ?? '' })
    else script.unshift({ mark: '-', text: old[x - 1] ?? '' })
    x = start
    y = start - before
  }
  return script
}

/** Changes with what is around them; those that are close to each other together. */
function hunksOf(lines: readonly Line[]): Line[][] {
  const changed = lines.flatMap(({ mark }, index) => (mark === ' ' ? [] : [index]))
  const ranges: { start: number; end: number }[] = []
  for (const index of changed) {
    const [start, end] = [Math.max(0, index - context), index + context + 1]
    const last = ranges.at(-1)
    if (last !== undefined && start <= last.end) last.end = end
    else ranges.push({ start, end })
  }
  return ranges.map(({ start, end }) => lines.slice(start, end))
}

/** A string is shown in a changed line where the other side lacks it: the rest is not what the change is about. */
function withoutSecrets(inStrings: ReadonlySet<number>) {
  return (lines: readonly Line[]): Line[] => {
    const [gone, come] = (['-', '+'] as const).map(
      (side) => new Set(lines.flatMap(({ mark, text }) => (mark === side ? stringsIn(text) : []))),
    )
    const shown = { ' ': () => false, '-': isNotIn(come), '+': isNotIn(gone) }
    return lines.map((line) => {
      if (line.mark === ' ' && inStrings.has(line.old)) return { ...line, text: '…\n' }
      return { ...line, text: hideStrings(line.text, shown[line.mark]) }
    })
  }
}

/** Lines longer than this are cut, in characters: a settings file may be one line of many megabytes. */
const longestLine = 8000
/** How much of such a line is shown in front of its change and behind it. */
const around = 200

function shortened(lines: readonly Line[]): Line[] {
  return lines.map((line, index) => {
    if (line.text.length <= longestLine) return line
    const other = { ' ': undefined, '-': lines[index + 1], '+': lines[index - 1] }[line.mark]
    const isChanged = other !== undefined && other.mark !== ' ' && other.mark !== line.mark
    return { ...line, text: isChanged ? changeIn(line.text, other.text) : cutLine(line.text, 0, longestLine) }
  })
}

/** The part of a line that differs from another one, with a little around it. */
function changeIn(text: string, other: string): string {
  const shorter = Math.min(text.length, other.length)
  let head = 0
  while (head < shorter && text[head] === other[head]) head += 1
  let tail = 0
  while (tail < shorter - head && text.at(-1 - tail) === other.at(-1 - tail)) tail += 1
  const from = Math.max(0, head - around)
  return cutLine(text, from, Math.min(text.length - tail + around, from + longestLine))
}

function cutLine(text: string, from: number, to: number): string {
  const end = text.endsWith('\n') ? '\n' : ''
  const piece = text.slice(from, to)
  const isRest = to >= text.length
  return `${from > 0 ? '…' : ''}${isRest ? piece : `${piece}…${end}`}`
}

function isNotIn(others: ReadonlySet<string> | undefined) {
  return (text: string) => !others?.has(text)
}

function describeHunk(lines: readonly Line[]): string[] {
  const [first] = lines
  const old = range(first?.old ?? 0, lines.filter(({ mark }) => mark !== '+').length)
  const young = range(first?.young ?? 0, lines.filter(({ mark }) => mark !== '-').length)
  return [`@@ -${old} +${young} @@`, ...lines.flatMap(describeLine)]
}

/** An empty range stands behind the line before it. */
function range(start: number, length: number): string {
  const from = length === 0 ? start : start + 1
  return length === 1 ? `${from}` : `${from},${length}`
}

function describeLine({ mark, text }: Line): string[] {
  if (text.endsWith('\n')) return [mark + text.slice(0, -1)]
  return [mark + text, String.raw`\ No newline at end of file`]
}
