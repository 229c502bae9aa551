import { basename, dirname } from 'node:path'
import { findIrreversibleEffect } from './irreversible.js'
import { isOutsideGitFolder, isNotAutoRunProjectFile } from '../places/agent-folder-files.js'
import { foldPathCase, isBelowFolder, type ToolCallContext } from '../places/tool-call-context.js'
import { findGitSettingsFolder, readGitSettings } from '../places/repository-settings.js'
import { parseGitCommand, isReadOnlyGitCommand } from '../programs/git.js'
import {
  parseReaderArguments,
  isHarmlessProgramCall,
  doesProgramPrintArguments,
} from '../programs/harmless-program-call.js'
import { mayExpandToOption } from '../programs/read-only-program.js'
import { isSearchedFolderWord, type ShellWord } from '../shell/shell-word.js'
import type { ToolCallAction, PossibleWordFiles, ParsedToolCall } from '../call/tool-call-action.js'

type Run = Extract<ToolCallAction, { type: 'run' }>

/** Whether a shell command only reads, for all expansions of its words. */
export function isReadOnlyCommand(run: Run, place: ToolCallContext): boolean {
  const { command } = run
  const [program, ...words] = command.words
  if (program?.kind !== 'plain' || !assignsNothing(command)) return false
  const files = words.flatMap((word, at) => filesOf(program.text, word, run.files[at + 1]))
  if (files.includes(undefined) || !words.every((word, at) => staysInside(word, run.files[at + 1], place)))
    return false
  if (words.some((word, at) => becomesOption(word, run.files[at + 1]))) return false
  switch (program.text) {
    case 'cd':
      return files.every((path) => mayBeEntered(path, place))
    case 'git':
      return isHarmlessProgramCall('git', words) || isHarmlessGit(words, run, place)
    case 'diff':
      return isHarmlessProgramCall('diff', words) && !followsOut(words, files, place)
    default:
      return isHarmlessProgramCall(program.text, words)
  }
}

/** Whether `diff` may follow a link out of the agent's folder. */
function followsOut(words: readonly ShellWord[], files: PossibleWordFiles, place: ToolCallContext): boolean {
  const options = parseReaderArguments('diff', words)?.options ?? []
  if (options.some(({ name }) => name === '--no-dereference')) return false
  return files.some((path) => path === undefined || leadsOut(path, place))
}

/** Whether the assignments of a shell command are harmless, such as `IFS= read` and `LC_ALL=C sort`. */
function assignsNothing({ assignments, assignsText, words }: Run['command']): boolean {
  if (assignments.length === 0) return true
  if (assignsText !== true) return false
  const isRead = words[0]?.text === 'read'
  return assignments.every((name) => ofLanguage.test(name) || (isRead && name === 'IFS'))
}

/** Variables that choose a language or form of output. Not COLUMNS: zsh evaluates its value as an expression, which may run a command. */
const ofLanguage = /^(LANG|LC_[A-Z]+|TZ|NO_COLOR|FORCE_COLOR|CI)$/

/** Returns the files that a word of a command names, without words that are only printed and names that are only listed. */
function filesOf(program: string, word: ShellWord, files: PossibleWordFiles = []): PossibleWordFiles {
  if (doesProgramPrintArguments(program) && /^(number|shown|unknown)$/.test(word.kind)) return []
  const isListed = program === 'ls' && word.kind === 'glob' && !/(^|\/)\.|^\//.test(word.text)
  return isListed ? files.filter((path) => path !== undefined) : files
}

/** Whether braces contain an option, or a pattern matches a file with the name of an option. */
function becomesOption({ kind, text, choices }: ShellWord, files: PossibleWordFiles = []): boolean {
  if (choices?.some((choice) => choice.startsWith('-'))) return true
  const startsOpen = (kind === 'glob' || kind === 'parted') && /^[*?[]/.test(text)
  return startsOpen && files.some((path) => path !== undefined && basename(path).startsWith('-'))
}

/** Whether a git command only shows, and stays in the project and its folders that are no repositories of their own. */
function isHarmlessGit(words: readonly ShellWord[], run: Run, place: ToolCallContext): boolean {
  const said = parseGitCommand(words)
  if (said === undefined || words.some(mayExpandToOption)) return false
  const folders = [...run.folders, ...said.folders.flatMap((at) => run.files[at + 1] ?? [undefined])]
  const areOfProject = folders.every((folder) => folder !== undefined && isOfProject(folder, place))
  if (said.words[0]?.text === 'diff' && !comparesInside(words, run, place)) return false
  return (
    areOfProject &&
    !isInBareRepository(place) &&
    !mayFetch(said.words, place) &&
    words.every(({ kind }) => /^(plain|tilde|glob)$/.test(kind)) &&
    isReadOnlyGitCommand(said.words)
  )
}

/** Whether `git diff` compares only inside the folder. With another path it compares files outside of any repository. */
function comparesInside(words: readonly ShellWord[], { files }: Run, { cwd }: ToolCallContext): boolean {
  const end = words.findIndex(({ text }) => text === '--')
  if (end >= 0 && words.slice(end + 1).some(({ text }) => text.startsWith('-'))) return false
  return words.every(
    ({ text }, at) =>
      text.startsWith('-') ||
      (files[at + 1] ?? [undefined]).every(
        (path) => path === cwd || (path !== undefined && isBelowFolder(path, cwd)),
      ),
  )
}

/** Whether the folder, or one above it up to the first repository, may be a bare repository with checked-in settings. */
function isInBareRepository(place: ToolCallContext): boolean {
  for (let at = place.cwd; ; at = dirname(at)) {
    const names = place.names(at).map(foldPathCase)
    if (names.includes('head')) return true
    if (names.includes('.git') || at === dirname(at)) return false
  }
}

/** Whether the files of a recursive search are in the agent's folder. They are not checked one by one. */
function staysInside(word: ShellWord, files: PossibleWordFiles = [], { cwd }: ToolCallContext): boolean {
  if (!isSearchedFolderWord(word)) return true
  return (
    word.kind === 'found' &&
    files.every((path) => path === cwd || (path !== undefined && isBelowFolder(path, cwd)))
  )
}

/** Whether `cd` may enter a folder. Some CLIs keep it for the next command, which is checked as if in the agent's folder. */
function mayBeEntered(path: string | undefined, place: ToolCallContext): boolean {
  return path !== undefined && (!isBelowFolder(path, place.cwd) || isOutsideGitFolder(path, place))
}

/** Whether a folder belongs to the project's repository. Another repository may have settings that name programs. */
function isOfProject(folder: string, place: ToolCallContext): boolean {
  for (let at = folder; at !== place.cwd; at = dirname(at)) {
    if (
      !isOutsideGitFolder(at, place) ||
      place.names(at).some((name) => /^(\.git|head)$/.test(foldPathCase(name)))
    )
      return false
  }
  return true
}

const fileCommands = new Set(['mkdir', 'touch', 'cp', 'mv', 'rm', 'rmdir'])

/** Whether a command only creates, moves or removes files of the agent's folder. */
export function isFileManagementCommand(run: Run, call: ParsedToolCall, place: ToolCallContext): boolean {
  const { command, files } = run
  const [program, ...words] = command.words
  if (program?.kind !== 'plain' || !fileCommands.has(program.text) || command.assignments.length > 0)
    return false
  if (findIrreversibleEffect(run, place) !== undefined) return false
  if (
    /^(cp|mv)$/.test(program.text) &&
    !call.actions.every((action) => action === run || makesFolder(action))
  ) {
    return false
  }
  return words.every((word, at) => {
    if (mayExpandToOption(word) || isSearchedFolderWord(word)) return false
    if (word.text.startsWith('-')) return word.kind === 'plain' && /^-[fiprRvan]+$/.test(word.text)
    return (files[at + 1] ?? [undefined]).every(
      (path) => path !== undefined && isNotAutoRunProjectFile(path, place),
    )
  })
}

/** Whether an action only creates or enters a folder. A moved link would change what other paths of the same line mean. */
function makesFolder(action: ToolCallAction): boolean {
  return action.type === 'run' && /^(mkdir|cd)$/.test(action.command.words[0]?.text ?? '')
}

/** The most file names that are checked for links. */
const mostNames = 2_000

/** Whether a link in a folder, at any depth, leads out of the agent's folder. True when there are too many names to check. */
function leadsOut(folder: string, place: ToolCallContext): boolean {
  const ahead = [folder]
  let looked = 0
  for (const inside of ahead) {
    for (const name of place.names(inside)) {
      looked += 1
      if (looked > mostNames) return true
      const path = `${inside}/${name}`
      const real = place.realPath(path)
      if (real === path) ahead.push(path)
      else if (!isBelowFolder(real, place.cwd)) return true
    }
  }
  return false
}

/**
 * Whether a git command may fetch objects. In a partial clone git fetches an object when a command first needs it, over the
 * network and with the programs that the settings of the repository name for the remote.
 */
function mayFetch([verb, ...rest]: readonly ShellWord[], place: ToolCallContext): boolean {
  if (verb === undefined || needsNoObjects.test(verb.text)) return false
  const isList = verb.text === 'log' && rest.every(({ text }) => listsCommits.test(text))
  return !isList && isPartialClone(place)
}

/** Git commands that read only names, numbers or commits, which a partial clone has. */
const needsNoObjects =
  /^(rev-parse|ls-files|branch|remote|config|worktree|check-ignore|version|count-objects|show-ref|merge-base)$/

function isPartialClone(place: ToolCallContext): boolean {
  const folder = findGitSettingsFolder(place)
  if (folder === undefined) return false
  const packs = place.names(`${folder}/objects/pack`)
  return isPromising(readGitSettings(place)) || packs.some((name) => name.endsWith('.promisor'))
}

const listsCommits = /^(--(oneline|graph|all|decorate|reverse|no-merges|no-color)|-\d+|-n\d*|\d+)$/

/** Whether a repository's settings declare a promisor remote, or include other settings, which may declare one. */
function isPromising(settings: string): boolean {
  return /^\s*(\[[^\]]*\]\s*)?(promisor|partialclone(filter)?|path)\b/im.test(settings)
}
