import { dirname } from 'node:path'
import type { Action, Call, Files } from './call.js'
import { irreversible } from './irreversible.js'
import { isOutsideGit, isOwnFile } from './own-file.js'
import { folded, isBelow, type Place } from './place.js'
import { isReader, printsLines, readsHistory, runsItsWords, saysVersion } from './readers.js'
import { isOfSearch, type Word } from './word.js'

type Run = Extract<Action, { type: 'run' }>

/** Whether a command only reads, whatever its words become. */
export function onlyReads(run: Run, place: Place): boolean {
  const { command, folders } = run
  const [program, ...words] = command.words
  if (program?.kind !== 'plain' || command.assignments.length > 0) return false
  const files = run.files.slice(1).flatMap((paths, at) => (isSaid(program, words[at]) ? [] : paths))
  if (files.includes(undefined) || !words.every((word, at) => staysInside(word, run.files[at + 1], place)))
    return false
  const text = words.map((word) => word.text)
  const optionsAreKnown = !words.some(mayBeOption)
  if (optionsAreKnown && saysVersion(program.text, text)) return true
  switch (program.text) {
    case 'cd':
      return files.every((path) => mayBeEntered(path, place))
    case 'git':
      return optionsAreKnown && folders.every((folder) => isOfProject(folder, place)) && readsHistory(text)
    case 'sed':
      return optionsAreKnown && printsLines(text)
    case 'command':
      return /^-[vV]$/.test(text[0] ?? '')
    case 'xargs':
      return optionsAreKnown && runsItsWords(text)
    default:
      return isReader(program.text, text, optionsAreKnown)
  }
}

/** Digits that are not known do no harm where they are only shown. */
function isSaid({ text }: Word, word: Word | undefined): boolean {
  return word?.kind === 'number' && /^(echo|printf)$/.test(text)
}

/** Files that a search finds are not looked at one by one: they are in the folder, or it does not count. */
function staysInside(word: Word, files: Files = [], { cwd }: Place): boolean {
  if (!isOfSearch(word)) return true
  return (
    word.kind === 'found' && files.every((path) => path === cwd || (path !== undefined && isBelow(path, cwd)))
  )
}

/** Some shells stay in a folder for the next command, which is then taken to be in ours. */
function mayBeEntered(path: string | undefined, place: Place): boolean {
  return path !== undefined && (!isBelow(path, place.cwd) || isOutsideGit(path, place))
}

/** Elsewhere, or in a folder with its own `.git` or `HEAD`, may be a repository whose settings name programs. */
function isOfProject(folder: string, place: Place): boolean {
  for (let at = folder; at !== place.cwd; at = dirname(at)) {
    if (!isOutsideGit(at, place) || place.names(at).some((name) => /^(\.git|head)$/.test(folded(name))))
      return false
  }
  return true
}

/** `*` is also a file that is called like an option. */
function mayBeOption({ kind, text }: Word): boolean {
  return (kind === 'glob' || kind === 'parted') && /^[-*?[]/.test(text)
}

const fileCommands = new Set(['mkdir', 'touch', 'cp', 'mv', 'rm', 'rmdir'])

/** Whether a command only makes, moves or removes files of the folder. */
export function onlyFiles(run: Run, call: Call, place: Place): boolean {
  const { command, files } = run
  const [program, ...words] = command.words
  if (program?.kind !== 'plain' || !fileCommands.has(program.text) || command.assignments.length > 0)
    return false
  if (irreversible(run, place) !== undefined) return false
  if (
    /^(cp|mv)$/.test(program.text) &&
    !call.actions.every((action) => action === run || makesFolder(action))
  ) {
    return false
  }
  return words.every((word, at) => {
    if (mayBeOption(word) || isOfSearch(word)) return false
    if (word.text.startsWith('-')) return word.kind === 'plain' && /^-[fiprRvan]+$/.test(word.text)
    return (files[at + 1] ?? [undefined]).every((path) => path !== undefined && isOwnFile(path, place))
  })
}

/** A link that is moved may lead elsewhere: what else is done in the same line, was looked up where it was. */
function makesFolder(action: Action): boolean {
  return action.type === 'run' && /^(mkdir|cd)$/.test(action.command.words[0]?.text ?? '')
}
