import { parseGitArguments, parseGitCommand } from '../programs/git.js'
import type { ParsedArguments } from '../programs/option-grammar.js'
import { parseReaderArguments } from '../programs/harmless-program-call.js'
import { getProgramName } from '../shell/unwrap-wrapper-command.js'
import type { ShellWord } from '../shell/shell-word.js'
import type { ShellCommand } from '../shell/shell-command.js'

/** The patterns and files of a search command, or of `diff`, as far as its words tell. */
export type SearchArguments = {
  /** The indexes of words of the command that name no file to read: the searched text, and exclusions. */
  notRead: ReadonlySet<number>
  recursive: boolean
  /** Whether the command searches the current folder when it gets no other. */
  searchesHere: boolean
  /** Patterns for file names that the search command expands itself, such as those of `--include`. */
  globs: readonly string[]
}

/** Reads the arguments of a search command; undefined for other programs. With unknown options every word may be a file. */
export function parseSearchArguments(command: ShellCommand): SearchArguments | undefined {
  const words = command.words.slice(1)
  const program = getProgramName(command)
  const ofGit = program === 'git' ? (parseGitCommand(words)?.words ?? []) : []
  const name = program === 'git' ? `git ${ofGit[0]?.text ?? ''}` : program
  if (!searching.test(name)) return undefined
  const said =
    program === 'git'
      ? parseGitArguments(ofGit)
      : parseReaderArguments(name.replace(/^[ef]grep$/, 'grep'), words)
  const searchesHere = !/diff$/.test(name)
  if (said === undefined) {
    return { notRead: new Set(), recursive: true, searchesHere, globs: words.flatMap(anyGlob) }
  }
  const notRead = [...soughtTexts(name, said), ...leftOut(said)].map((word) => command.words.indexOf(word))
  const globs = said.options.filter(({ name: option }) => globOptions.test(option)).map(valueOf)
  return { notRead: new Set(notRead), recursive: isRecursive(name, said), searchesHere, globs }
}

const searching = /^(rg|[efz]*grep|ag|ack|ugrep|diff|git (grep|diff))$/
const globOptions = /^(-g|--i?glob|--include)$/

function valueOf({ value }: ParsedArguments['options'][number]): string {
  return (value?.text ?? '').replace(/^=/, '')
}

function anyGlob({ text }: ShellWord): readonly string[] {
  const value = text.replace(/^(-\w=?|--[\w-]+=)/, '')
  return value === text ? [text] : [text, value]
}

/** The words with the searched text: the values of `-e`, else the first operand. */
function soughtTexts(name: string, { options, operands }: ParsedArguments): readonly ShellWord[] {
  if (/diff$/.test(name)) return []
  const said = options.filter((option) => /^(-[ef]|--(regexp|file|files|type-list))$/.test(option.name))
  if (said.length === 0) return operands.slice(0, 1)
  return said.filter((option) => /^(-e|--regexp)$/.test(option.name)).map(({ word }) => word)
}

/** Returns the words of a search command that exclude files, such as `--exclude=a`. */
function leftOut({ options }: ParsedArguments): readonly ShellWord[] {
  return options
    .filter(
      (option) =>
        /^--exclude(-dir)?$/.test(option.name) ||
        (/^(-g|--i?glob)$/.test(option.name) && valueOf(option).startsWith('!')),
    )
    .map(({ word }) => word)
}

function isRecursive(name: string, { options }: ParsedArguments): boolean {
  if (name === 'git grep') return false
  if (!/grep$/.test(name)) return true
  return options.some(
    ({ name: option, value }) =>
      /^(-[rR]|--recursive|--dereference-recursive)$/.test(option) ||
      (/^(-d|--directories)$/.test(option) && !/^(skip|read)$/.test(value?.text ?? '')),
  )
}
