import { mayTakeCredential } from '../places/credentials.js'
import type { Word } from './word.js'
import type { ShellCommand } from './command.js'

/**
 * The folders whose files come out of a pipe, where nothing in it makes up names. They are `found` by `find -print0`
 * alone: to who takes a name apart, one with a space or a line in it may be the name of any other file.
 */
export function searchedFolders([search, ...filters]: readonly (ShellCommand | undefined)[]):
  | readonly Word[]
  | undefined {
  if (search?.words[0]?.text !== 'find' || !isAlone(search)) return undefined
  if (!filters.every((filter) => filter !== undefined && passesLines(filter))) return undefined
  const isExact = filters.length === 0 && search.words.some(({ text }) => text === '-print0')
  return findFolders(search.words)?.map((word) => (isExact ? word : { ...word, kind: 'linked' }))
}

/**
 * The folders that `find` looks through: `found` where it finds but ordinary files, as a link may lead to a secret.
 * `undefined` where it may look, do or say something else.
 */
export function findFolders(words: readonly Word[]): readonly Word[] | undefined {
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

/** The names and paths that are taken, or left out. What is joined in other ways than one after the other takes all. */
function chosenBy(words: readonly string[]): NonNullable<Word['chosen']> {
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

/** `-type f ( -name a -o -name b )`: each of the branches is a name. */
function isAmongNames(words: readonly string[]): boolean {
  const line = words.join('\n')
  return /^(-type\nf\n)?\(\n-i?(name|path)\n[^\n]+(\n-or?\n-i?(name|path)\n[^\n]+)*\n\)(\n-type\nf)?$/.test(
    line,
  )
}

/** Whether `-type f` is said of all, and not of some or of what is left. */
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

/** Names are chosen too, but those of secrets only by who asks for all. */
function onlyChooses(word: string, at: number, all: readonly string[]): boolean {
  if (isPattern.test(all[at - 1] ?? '')) {
    return isLeftOut(all, at) || !mayTakeCredential(word)
  }
  // All that is found up to there comes out: what is said after it chooses nothing.
  if (/^-print0?$/.test(word)) return at === all.length - 1
  return (
    isPattern.test(word) ||
    /^(-(type|(max|min)depth|empty|size|[amc](time|min)|or?|and?|not|\d+)|[!()])$/.test(word) ||
    /^[\w+][\w.]*$/.test(word)
  )
}

/** Whether `find` passes over what fits a word: it is said with a `-not` before it, and not again in parentheses. */
export function isLeftOut(words: readonly string[], at: number): boolean {
  return isPattern.test(words[at - 1] ?? '') && /^(!|-not)$/.test(words[at - 2] ?? '') && !words.includes('(')
}

const isPattern = /^-i?(name|path)$/

/** `head`, `sort`, `grep -v x`: each line that comes out of them came in. */
function passesLines(command: ShellCommand): boolean {
  if (!command.words.every(({ kind }) => kind === 'plain') || !isAlone(command)) return false
  const line = command.words.map(({ text }) => text).join(' ')
  return /^(head|tail)( -n ?\d+| -\d+)?$|^(sort|uniq)( -u)?$|^grep( -[vEiF]+)* [^ -][^ ]*$/.test(line)
}

function isAlone({ assignments, redirections }: ShellCommand): boolean {
  return assignments.length + redirections.length === 0
}
