import type { ToolCallAction } from '../call/tool-call-action.js'
import type { ToolCallContext } from '../places/tool-call-context.js'
import { findCredentialInFolder, type WholeFolderRead } from '../places/credential-in-folder.js'
import type { ParsedOption } from '../programs/option-grammar.js'
import { parseReaderArguments, doesProgramPrintFiles } from '../programs/harmless-program-call.js'
import { isSpecificSearch } from './specific-search.js'
import { getProgramName } from '../shell/unwrap-wrapper-command.js'
import { isSearchedFolderWord, type ShellWord } from '../shell/shell-word.js'

type Run = Extract<ToolCallAction, { type: 'run' }>

/**
 * Whether a command shows all files of a folder with a credential, such as `grep -r . .` or `find . -type f -exec cat {} +`.
 * A search for a specific word does not, nor one that prints only names. Files that the command skips do not count.
 */
export function doesCommandShowCredentialTree(run: Run, place: ToolCallContext): boolean {
  if (!doesProgramPrintFiles(getProgramName(run.command)) || seesNoLines(run)) return false
  return [...treesFound(run), ...treesSearched(run)].some(
    (read) => findCredentialInFolder(read, place) !== undefined,
  )
}

/** Whether a search such as grep prints only names and numbers, or only lines with a specific word. */
function seesNoLines({ command }: Run): boolean {
  const said = searchOf(command.words)
  if (said === undefined) return false
  const names = said.options.map(({ name }) => name)
  if (names.some((name) => showsNames.test(name))) return true
  if (names.some((name) => showsMore.test(name))) return false
  const isFixed = names.some((name) => /^(-F|--fixed-strings)$/.test(name))
  const texts = said.sought.map(({ value }) => value)
  return (
    texts.length > 0 &&
    texts.every((word) => word?.kind === 'plain' && isSpecificSearch(word.text, { isFixed }))
  )
}

const showsNames =
  /^(-[lLcq]|--(files-with(out)?-match(es)?|files-without-ruleMatches|count(-ruleMatches)?|quiet|silent|files|type-list))$/
/** Options of grep and ripgrep that also print lines without the searched text. */
const showsMore = /^(-[vABCf]|-\d+|--(invert-match|(after|before)-context|context|file|passthru))$/

type Search = {
  options: readonly ParsedOption[]
  operands: readonly ShellWord[]
  sought: readonly Pick<ParsedOption, 'value'>[]
}

/** The options and texts of grep and ripgrep; undefined for other programs and unknown options. */
function searchOf([program, ...words]: readonly ShellWord[]): Search | undefined {
  const name = (program?.text ?? '').replace(/^.*\//, '').replace(/^[ef]grep$/, 'grep')
  if (!/^(grep|rg)$/.test(name)) return undefined
  const said = parseReaderArguments(name, words)
  if (said === undefined) return undefined
  const { options, operands } = said
  const sought = options.filter((option) => /^(-e|--regexp)$/.test(option.name))
  const saysText =
    sought.length > 0 || options.some(({ name: option }) => /^(-f|--file|--files)$/.test(option))
  const [text, ...rest] = operands
  if (saysText) return { options, operands, sought }
  return { options, operands: rest, sought: text === undefined ? [] : [{ value: text }] }
}

/** Returns the folders whose files `find` passes to the command. */
function treesFound({ command, files }: Run): WholeFolderRead[] {
  return command.words.flatMap((word, at) =>
    isSearchedFolderWord(word)
      ? (files[at] ?? []).flatMap((folder) =>
          folder === undefined ? [] : [{ folder, asWritten: word.text, ...word.chosen }],
        )
      : [],
  )
}

/** Returns the folders that the command, such as `grep -r`, searches itself. */
function treesSearched({ command, files, folders }: Run): WholeFolderRead[] {
  const said = searchOf(command.words)
  if (said === undefined) return []
  const name = getProgramName(command)
  const isRecursive = name === 'rg' || said.options.some((option) => recursive.test(option.name))
  // Patterns and types of files are checked in `search-arguments.ts`.
  if (!isRecursive || said.options.some(takesSome)) return []
  const read = said.operands.filter((word) => !isSearchedFolderWord(word))
  const here = said.operands.length === 0 ? folders : []
  const named = read.flatMap((word) => files[command.words.indexOf(word)] ?? [])
  const hidesDots =
    name === 'rg' && !said.options.some((option) => /^(-[.u]|--(hidden|unrestricted))$/.test(option.name))
  const leftOut = patternsOf(said.options, /^(--exclude|-g|--i?glob)$/)
  const leftOutFolders = patternsOf(said.options, /^(--exclude-dir|-g|--i?glob)$/)
  return [...here, ...named].flatMap((folder) =>
    folder === undefined ? [] : [{ folder, leftOut, leftOutFolders, hidesDots }],
  )
}

const recursive = /^(-[rR]|--recursive|--dereference-recursive)$/

function takesSome({ name, value }: ParsedOption): boolean {
  if (/^(--include|-t|--type)$/.test(name)) return true
  return /^(-g|--i?glob)$/.test(name) && !textOf(value).startsWith('!')
}

function patternsOf(options: readonly ParsedOption[], names: RegExp): readonly string[] {
  return options.filter(({ name }) => names.test(name)).map(({ value }) => textOf(value).replace(/^!/, ''))
}

function textOf(value: ShellWord | undefined): string {
  return (value?.text ?? '').replace(/^=/, '')
}
