import { structuredPatch } from 'diff'

/**
 * The difference of two texts in the format of `diff -u`; empty for equal texts. Of settings, which may hold secrets, it
 * shows only those strings that change.
 */
export function createUnifiedDiff(before: string | undefined, after: string, path: string): string {
  const hunks = hunksOf(before ?? '', after)
  if (hunks.length === 0) return ''
  const header = [`--- ${before === undefined ? '/dev/null' : path}`, `+++ ${path}`]
  const shown = /\.(jsonc?|toml)$/.test(path) ? hunks.map(withoutSecrets(stringLines(before ?? ''))) : hunks
  return [...header, ...shown.map(shortened).flatMap(describeHunk), ''].join('\n')
}

type Hunk = ReturnType<typeof structuredPatch>['hunks'][number]

/**
 * The most changed lines for which the shortest difference is searched, because the time grows with their square. With
 * more, the difference is the whole old text, then the whole new one.
 */
const mostChanges = 1000

/** The lines around a change that a hunk shows. */
const context = 3

/** Compares the texts without the lines that they share at their beginning and end, because a file may have 100,000 of them. */
function hunksOf(before: string, after: string): Hunk[] {
  const { head, tail } = sharedEnds(before, after)
  const skipped = before.slice(0, head).split('\n').length - 1
  const hunks = hunksBetween(before.slice(head, before.length - tail), after.slice(head, after.length - tail))
  return hunks.map((hunk) => ({
    ...hunk,
    oldStart: hunk.oldStart + skipped,
    newStart: hunk.newStart + skipped,
  }))
}

/**
 * The number of characters that two texts share at their beginning and at their end, in whole lines. Shared lines that a hunk
 * shows next to a change are not counted.
 */
function sharedEnds(before: string, after: string): { head: number; tail: number } {
  const shorter = Math.min(before.length, after.length)
  let same = 0
  while (same < shorter && before.charCodeAt(same) === after.charCodeAt(same)) same += 1
  let head = same === 0 ? 0 : before.lastIndexOf('\n', same - 1) + 1
  for (let count = 0; count < context; count += 1) {
    head = head < 2 ? 0 : before.lastIndexOf('\n', head - 2) + 1
  }
  const further = after.length - before.length
  let tail = before.length
  while (tail > same && tail + further > same && before[tail - 1] === after[tail - 1 + further]) tail -= 1
  for (let count = 0; count <= context; count += 1) {
    const end = before.indexOf('\n', tail)
    tail = end === -1 ? before.length : end + 1
  }
  return { head, tail: before.length - tail }
}

function hunksBetween(before: string, after: string): Hunk[] {
  const patch = (from: string, to: string) => structuredPatch('', '', from, to, '', '', { context: 3 })
  const found = structuredPatch('', '', before, after, '', '', { context: 3, maxEditLength: mostChanges })
  if (found) return found.hunks
  const [removed, added] = [patch(before, '').hunks[0], patch('', after).hunks[0]]
  if (!removed || !added) return []
  const { newStart, newLines } = added
  return [{ ...removed, newStart, newLines, lines: [...removed.lines, ...added.lines] }]
}

/** Hides a string of a changed settings line when the other side of the diff has it too, because the change is not about it. */
function withoutSecrets(inStrings: ReadonlySet<number>) {
  return (hunk: Hunk): Hunk => {
    const [gone, come] = ['-', '+'].map(
      (mark) =>
        new Set(hunk.lines.flatMap((line) => (line.startsWith(mark) ? stringsIn(line.slice(1)) : []))),
    )
    // Lines of the old text are counted from 0.
    let old = hunk.oldStart - 1
    const lines = hunk.lines.map((line) => {
      const mark = line.charAt(0)
      const isInString = mark === ' ' && inStrings.has(old)
      if (mark === ' ' || mark === '-') old += 1
      if (mark === '\\') return line
      if (isInString) return ' …'
      const isShown = mark === '-' ? isNotIn(come) : mark === '+' ? isNotIn(gone) : () => false
      return mark + hideStrings(line.slice(1), isShown)
    })
    return { ...hunk, lines }
  }
}

/** The longest shown line of a diff, in characters. Longer ones are cut, because a settings file may be one line of many megabytes. */
const longestLine = 8000
/** The characters of a cut line that are shown before and behind its change. */
const around = 200

function shortened(hunk: Hunk): Hunk {
  const { lines } = hunk
  const cut = lines.map((line, index) => {
    if (line.length <= longestLine) return line
    const other = neighbour(lines, index, line.startsWith('-') ? 1 : -1)
    const isChanged = other !== undefined && /^[-+]/.test(other) && other.charAt(0) !== line.charAt(0)
    const text = line.slice(1)
    return line.charAt(0) + (isChanged ? changeIn(text, other.slice(1)) : cutText(text, 0, longestLine))
  })
  return { ...hunk, lines: cut }
}

/** The line of a diff before or behind another one. The remark that a line break is missing does not count as a line. */
function neighbour(lines: readonly string[], index: number, step: 1 | -1): string | undefined {
  const next = lines[index + step]
  return next?.startsWith('\\') ? lines[index + 2 * step] : next
}

/** The part of a line that differs from another one, with a little around it. */
function changeIn(text: string, other: string): string {
  const shorter = Math.min(text.length, other.length)
  let head = 0
  while (head < shorter && text[head] === other[head]) head += 1
  let tail = 0
  while (tail < shorter - head && text.at(-1 - tail) === other.at(-1 - tail)) tail += 1
  const from = Math.max(0, head - around)
  return cutText(text, from, Math.min(text.length - tail + around, from + longestLine))
}

function cutText(text: string, from: number, to: number): string {
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`
}

function isNotIn(others: ReadonlySet<string> | undefined) {
  return (text: string) => !others?.has(text)
}

function describeHunk({ oldStart, oldLines, newStart, newLines, lines }: Hunk): string[] {
  return [`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`, ...lines]
}

/** A line range in the header of a hunk, as in `diff -u`. An empty range is named by the line before it. */
function range(start: number, length: number): string {
  const from = length === 0 ? start - 1 : start
  return length === 1 ? `${from}` : `${from},${length}`
}

const string = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/g

/** The strings in a line of a settings file, with their quotes, without keys. */
function stringsIn(line: string): string[] {
  return [...line.matchAll(string)].flatMap(({ 0: text, index }) => (isKey(line, text, index) ? [] : [text]))
}

/** Hides strings in a line of a settings file: keys stay, other strings that may not be shown become `…`. */
function hideStrings(line: string, isShown: (text: string) => boolean): string {
  return line.replace(string, (text: string, index: number) => {
    const stays = text.length === 2 || isKey(line, text, index) || isShown(text)
    return stays ? text : '"…"'
  })
}

/** Whether a string in a settings line is a key: a colon (JSON), an equals sign or a dot (TOML) follows, or a dot precedes it. */
function isKey(line: string, text: string, index: number): boolean {
  return line[index - 1] === '.' || /^\s*[:=.]/.test(line.slice(index + text.length))
}

/** The numbers, from 0, of lines inside of TOML strings of several lines, without the first line of each string. */
function stringLines(text: string): Set<number> {
  const lines = new Set<number>()
  let [first, counted] = [1, 0]
  for (const { 0: whole, index } of text.matchAll(/("""|''')[^]*?\1/g)) {
    first += text.slice(counted, index).split('\n').length - 1
    counted = index
    for (let line = first; line < first + whole.split('\n').length - 1; line += 1) lines.add(line)
  }
  return lines
}
