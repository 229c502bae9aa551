import { mayTakeCredential } from './places/credentials.js'
import type { Word } from './word.js'
import type { Command } from './command.js'

/**
 * The folders whose files come out of a pipe, where nothing in it makes up names. They are `found` by `find -print0`
 * alone: to who takes a name apart, one with a space or a line in it may be the name of any other file.
 */
export function searched([search, ...filters]: readonly (Command | undefined)[]):
  | readonly Word[]
  | undefined {
  if (search?.words[0]?.text !== 'find' || !isAlone(search)) return undefined
  if (!filters.every((filter) => filter !== undefined && passesLines(filter))) return undefined
  const isExact = filters.length === 0 && search.words.some(({ text }) => text === '-print0')
  return foldersOf(search.words)?.map((word) => (isExact ? word : { ...word, kind: 'linked' }))
}

/**
 * The folders that `find` looks through: `found` where it finds but ordinary files, as a link may lead to a secret.
 * `undefined` where it may look, do or say something else.
 */
export function foldersOf(words: readonly Word[]): readonly Word[] | undefined {
  if (!words.every(({ kind }) => kind === 'plain')) return undefined
  const text = words.slice(1).map((word) => word.text)
  const end = text.findIndex((word) => /^[-(!]/.test(word))
  const choosing = end < 0 ? [] : text.slice(end)
  if (!choosing.every(onlyChooses)) return undefined
  const folders = end < 0 ? text : text.slice(0, end)
  const kind = findsFiles(choosing) ? 'found' : 'linked'
  return (folders.length === 0 ? ['.'] : folders).map((folder) => ({ text: folder, kind }))
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
    return !mayTakeCredential(word)
  }
  // All that is found up to there comes out: what is said after it chooses nothing.
  if (/^-print0?$/.test(word)) return at === all.length - 1
  return (
    isPattern.test(word) ||
    /^(-(type|(max|min)depth|empty|size|[amc](time|min)|or?|and?|not|\d+)|[!()])$/.test(word) ||
    /^[\w+][\w.]*$/.test(word)
  )
}

const isPattern = /^-i?(name|path)$/

/** `head`, `sort`, `grep -v x`: each line that comes out of them came in. */
function passesLines(command: Command): boolean {
  if (!command.words.every(({ kind }) => kind === 'plain') || !isAlone(command)) return false
  const line = command.words.map(({ text }) => text).join(' ')
  return /^(head|tail)( -n ?\d+| -\d+)?$|^(sort|uniq)( -u)?$|^grep( -[vEiF]+)* [^ -][^ ]*$/.test(line)
}

function isAlone({ assignments, redirections }: Command): boolean {
  return assignments.length + redirections.length === 0
}
