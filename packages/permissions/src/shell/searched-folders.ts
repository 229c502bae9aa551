import { patternMayMatchCredential } from '../places/credentials.js'
import type { ShellWord } from './shell-word.js'
import type { ShellCommand } from './shell-command.js'

/**
 * The folders whose files a pipe passes on, when no command in it makes up names; undefined otherwise. Only files of
 * `find -print0` count as `found`, because a name with a space or line break may be split into names of other files.
 */
export function findFoldersSearchedInPipe([search, ...filters]: readonly (ShellCommand | undefined)[]):
  | readonly ShellWord[]
  | undefined {
  if (search?.words[0]?.text !== 'find' || !isAlone(search)) return undefined
  if (!filters.every((filter) => filter !== undefined && passesLines(filter))) return undefined
  const isExact = filters.length === 0 && search.words.some(({ text }) => text === '-print0')
  return getFoldersSearchedByFind(search.words)?.map((word) => (isExact ? word : { ...word, kind: 'linked' }))
}

/**
 * The folders that `find` searches, as `found` words when it finds only regular files, because a link may lead to a secret.
 * Undefined when it may do something else.
 */
export function getFoldersSearchedByFind(words: readonly ShellWord[]): readonly ShellWord[] | undefined {
  if (!words.every(({ kind }) => kind === 'plain')) return undefined
  const text = words.slice(1).map((word) => word.text)
  const end = text.findIndex((word) => /^[-(!]/.test(word))
  const choosing = end < 0 ? [] : text.slice(end)
  if (!choosing.every(onlyChooses)) return undefined
  const folders = end < 0 ? text : text.slice(0, end)
  const kind = findsFiles(choosing) ? 'found' : 'linked'
  const chosen = chosenBy(choosing)
  return (folders.length === 0 ? ['.'] : folders).map((folder) => ({ text: folder, kind, chosen }))
}

/** The names and paths that `find` selects or excludes. Other combinations of conditions count as all files. */
function chosenBy(words: readonly string[]): NonNullable<ShellWord['chosen']> {
  const patterns = words.flatMap((word, at) =>
    isPattern.test(word)
      ? [{ text: words[at + 1] ?? '', isOut: /^(!|-not)$/.test(words[at - 1] ?? '') }]
      : [],
  )
  const isRow = !words.some((word) => /^(-or?|[()])$/.test(word))
  const isChoice = !words.some((word) => /^(!|-not)$/.test(word)) && isAmongNames(words)
  if (!isRow && !isChoice) return { taken: [], leftOut: [] }
  const textsOf = (out: boolean): readonly string[] =>
    patterns.filter(({ isOut }) => isOut === out).map(({ text }) => text)
  return { taken: textsOf(false), leftOut: textsOf(true) }
}

/** Whether conditions are alternatives of names only, such as `-type f ( -name a -o -name b )`. */
function isAmongNames(words: readonly string[]): boolean {
  const line = words.join('\n')
  return /^(-type\nf\n)?\(\n-i?(name|path)\n[^\n]+(\n-or?\n-i?(name|path)\n[^\n]+)*\n\)(\n-type\nf)?$/.test(
    line,
  )
}

/** Whether `-type f` holds for all files, and not for one alternative or an exclusion. */
function findsFiles(words: readonly string[]): boolean {
  let depth = 0
  let found = false
  for (const [at, word] of words.entries()) {
    depth += word === '(' ? 1 : word === ')' ? -1 : 0
    if (depth === 0 && /^-or?$/.test(word)) return false
    if (word === '-type' && words[at + 1] === 'f' && depth === 0 && !/^(!|-not)$/.test(words[at - 1] ?? '')) {
      found = true
    }
  }
  return found
}

/** Whether a word of `find` only selects files. A name that may match a credential does not count. */
function onlyChooses(word: string, at: number, all: readonly string[]): boolean {
  if (isPattern.test(all[at - 1] ?? '')) {
    return isExcludedByFind(all, at) || !patternMayMatchCredential(word)
  }
  // Conditions after `-print` select nothing.
  if (/^-print0?$/.test(word)) return at === all.length - 1
  return (
    isPattern.test(word) ||
    /^(-(type|(max|min)depth|empty|size|[amc](time|min)|or?|and?|not|\d+)|[!()])$/.test(word) ||
    /^[\w+][\w.]*$/.test(word)
  )
}

/** Whether `find` excludes files that match a word: with `-not` before it, and without parentheses. */
export function isExcludedByFind(words: readonly string[], at: number): boolean {
  return isPattern.test(words[at - 1] ?? '') && /^(!|-not)$/.test(words[at - 2] ?? '') && !words.includes('(')
}

const isPattern = /^-i?(name|path)$/

/** Whether a filter such as `head`, `sort` or `grep -v x` prints only lines of its input. */
function passesLines(command: ShellCommand): boolean {
  if (!command.words.every(({ kind }) => kind === 'plain') || !isAlone(command)) return false
  const line = command.words.map(({ text }) => text).join(' ')
  return /^(head|tail)( -n ?\d+| -\d+)?$|^(sort|uniq)( -u)?$|^grep( -[vEiF]+)* [^ -][^ ]*$/.test(line)
}

function isAlone({ assignments, redirections }: ShellCommand): boolean {
  return assignments.length + redirections.length === 0
}
