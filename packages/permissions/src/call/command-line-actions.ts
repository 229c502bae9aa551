import { expandShellPattern } from './pattern-files.js'
import {
  longestPathLength,
  pathPassesLink,
  resolveCallPath,
  type ToolCallContext,
} from '../places/tool-call-context.js'
import { parseCommandLine } from '../shell/parse-command-line.js'
import { getProgramName, unwrapWrapperCommand } from '../shell/unwrap-wrapper-command.js'
import type { ShellWord } from '../shell/shell-word.js'
import type { ShellCommand, ParsedCommandLine } from '../shell/shell-command.js'
import type { ToolCallAction, PossibleWordFiles } from './tool-call-action.js'

/** The actions of a command line. A list is one command whose words are already split. */
export function parseCommandLineActions(line: unknown, place: ToolCallContext, from = '.'): ToolCallAction[] {
  const read = linesOf(line)
  const start = resolveCallPath(from, place)
  if (read === undefined || start === undefined) return [opaque('no command, or nowhere')]
  const parts = read.commands.map((command) => unwrapWrapperCommand(command))
  const commands = parts.flatMap((part) => part.commands)
  const why = read.opaque ?? parts.find((part) => part.opaque)?.opaque
  const followed = follow(commands, start, place)
  return why === undefined ? followed : [...followed, opaque(why)]
}

function linesOf(line: unknown): ParsedCommandLine | undefined {
  if (typeof line === 'string') return line.trim() === '' ? undefined : parseCommandLine(line)
  if (!Array.isArray(line) || line.length === 0) return undefined
  const words = line.map((text: unknown): ShellWord => ({ text: String(text), kind: 'plain' }))
  return { commands: [{ words, assignments: [], redirections: [] }] }
}

/** The most files of one call, because each word may be a file in each folder, and each rule checks them all. */
export const maxFilesPerCall = 500

/** Returns the actions of shell commands in order. A `cd` may not be reached, so later commands may run in either folder. */
function follow(commands: readonly ShellCommand[], start: string, place: ToolCallContext): ToolCallAction[] {
  let folders: readonly string[] = [start]
  let isByLink = false
  let files = 0
  const actions: ToolCallAction[] = []
  for (const command of commands) {
    files += folders.length * (command.words.length + command.redirections.length)
    if (files > maxFilesPerCall) return [opaque('too much to look at')]
    actions.push(...redirected(command, folders, place))
    const ofWords = command.words.map((word) => wordFiles(word, folders, place))
    if (command.words.some(({ kind }, at) => /plain|tilde/.test(kind) && ofWords[at]?.includes(undefined))) {
      actions.push(unknownFile)
    }
    const moves = /^(cd|pushd|popd|chdir)$/.test(getProgramName(command))
    isByLink ||=
      moves && folders.some((folder) => pathPassesLink(command.words[1]?.text ?? '', place, folder))
    const next = moves ? goesTo(command, ofWords, isByLink) : folders
    actions.push(next === undefined ? nowhere : { type: 'run', command, folders, files: ofWords })
    folders = [...new Set([...folders, ...(next ?? [])])]
  }
  return actions
}

function redirected(
  { redirections }: ShellCommand,
  folders: readonly string[],
  place: ToolCallContext,
): ToolCallAction[] {
  return redirections.flatMap(({ writes, target }) =>
    wordPaths(target, folders, place).map((path): ToolCallAction =>
      path === undefined ? unknownFile : { type: writes ? 'edit' : 'read', path },
    ),
  )
}

/**
 * The folders that `cd` may enter; undefined when they are not known. After a link `..` asks: shells take the folder of the link,
 * or with some options that of its target.
 */
function goesTo(
  { words }: ShellCommand,
  [, paths = []]: readonly PossibleWordFiles[],
  isByLink: boolean,
): readonly string[] | undefined {
  const [program, folder] = words
  if (isByLink && folder?.text.split('/').includes('..')) return undefined
  // With two words, to which a pattern may expand, zsh replaces text in the name of the folder.
  const isOne = folder !== undefined && /^(plain|tilde)$/.test(folder.kind) && words.length === 2
  const isPlain = program?.text === 'cd' && isOne && !/^[-+]/.test(folder.text)
  const known = paths.filter((path) => path !== undefined)
  return isPlain && known.length === paths.length ? known : undefined
}

function opaque(why: string): ToolCallAction {
  return { type: 'opaque', why }
}

const unknownFile = opaque('a file that is not known before it runs')
const nowhere = opaque('it goes to a folder that is not known')

/** Returns the files that a command's argument may name. An option names one only in `--file=a`, `-f./a` and `@a`. */
function wordFiles(word: ShellWord, folders: readonly string[], place: ToolCallContext): PossibleWordFiles {
  // `-F file=@a` of curl too.
  const value = word.text.replace(/^(--?[\w-]+=|-\w(?=[./])|([\w.-]+=)?[@<])/, '')
  const inside = value === word.text ? [] : wordPaths({ ...word, text: value }, folders, place)
  const isOption = word.kind === 'plain' && word.text.startsWith('-')
  return [...inside, ...(isOption ? [] : wordPaths(word, folders, place))]
}

function wordPaths(
  { kind, text, choices }: ShellWord,
  folders: readonly string[],
  place: ToolCallContext,
): PossibleWordFiles {
  if (choices !== undefined) {
    return choices.flatMap((choice) =>
      wordPaths({ text: choice, kind: choice.includes('*') ? 'glob' : 'plain' }, folders, place),
    )
  }
  if (kind === 'unknown' || kind === 'number' || kind === 'shown') return [undefined]
  if (text.length > longestPathLength) return kind === 'plain' ? [] : [undefined]
  // A quoted tilde is part of a file name.
  const path = kind !== 'tilde' && text.startsWith('~') ? `./${text}` : text
  return folders.flatMap((folder) =>
    /glob|parted/.test(kind)
      ? expandShellPattern(path, { isParted: kind === 'parted' }, folder, place)
      : resolveCallPath(path, place, folder),
  )
}
