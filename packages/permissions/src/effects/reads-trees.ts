import type { CallAction } from '../call/action.js'
import type { CallPlace } from '../places/place.js'
import { credentialInTree, type TreeRead } from '../places/whole-tree.js'
import type { Option } from '../programs/grammar.js'
import { argumentsOfReader, showsFiles } from '../programs/known.js'
import { picksLines } from './sought-text.js'
import { programOf } from '../shell/unwrap.js'
import { isOfSearch, type Word } from '../shell/word.js'

type Run = Extract<CallAction, { type: 'run' }>

/**
 * Whether a command shows all files of a folder in which a credential is: `grep -r . .`, `find . -type f -exec cat {} +`. A search
 * for a word of its own is none, and neither is one that says but names. What it leaves out by itself does not count.
 */
export function showsTreeWithCredential(run: Run, place: CallPlace): boolean {
  if (!showsFiles(programOf(run.command)) || seesNoLines(run)) return false
  return [...treesFound(run), ...treesSearched(run)].some(
    (read) => credentialInTree(read, place) !== undefined,
  )
}

/** Whether it shows names and numbers alone, or lines by a word of their own. */
function seesNoLines({ command }: Run): boolean {
  const said = searchOf(command.words)
  if (said === undefined) return false
  const names = said.options.map(({ name }) => name)
  if (names.some((name) => showsNames.test(name))) return true
  if (names.some((name) => showsMore.test(name))) return false
  const isFixed = names.some((name) => /^(-F|--fixed-strings)$/.test(name))
  const texts = said.sought.map(({ value }) => value)
  return (
    texts.length > 0 && texts.every((word) => word?.kind === 'plain' && picksLines(word.text, { isFixed }))
  )
}

const showsNames =
  /^(-[lLcq]|--(files-with(out)?-match(es)?|files-without-ruleMatches|count(-ruleMatches)?|quiet|silent|files|type-list))$/
/** Lines that the text is not in. */
const showsMore = /^(-[vABCf]|-\d+|--(invert-match|(after|before)-context|context|file|passthru))$/

type Search = {
  options: readonly Option[]
  operands: readonly Word[]
  sought: readonly Pick<Option, 'value'>[]
}

/** What grep and ripgrep are told; `undefined` for other programs and for options that are not known. */
function searchOf([program, ...words]: readonly Word[]): Search | undefined {
  const name = (program?.text ?? '').replace(/^.*\//, '').replace(/^[ef]grep$/, 'grep')
  if (!/^(grep|rg)$/.test(name)) return undefined
  const said = argumentsOfReader(name, words)
  if (said === undefined) return undefined
  const { options, operands } = said
  const sought = options.filter((option) => /^(-e|--regexp)$/.test(option.name))
  const saysText =
    sought.length > 0 || options.some(({ name: option }) => /^(-f|--file|--files)$/.test(option))
  const [text, ...rest] = operands
  if (saysText) return { options, operands, sought }
  return { options, operands: rest, sought: text === undefined ? [] : [{ value: text }] }
}

/** Folders of which `find` gives it the files. */
function treesFound({ command, files }: Run): TreeRead[] {
  return command.words.flatMap((word, at) =>
    isOfSearch(word)
      ? (files[at] ?? []).flatMap((folder) =>
          folder === undefined ? [] : [{ folder, told: word.text, ...word.chosen }],
        )
      : [],
  )
}

/** Folders that it looks through itself. */
function treesSearched({ command, files, folders }: Run): TreeRead[] {
  const said = searchOf(command.words)
  if (said === undefined) return []
  const name = programOf(command)
  const isRecursive = name === 'rg' || said.options.some((option) => recursive.test(option.name))
  // Files that it takes by a pattern or a kind are looked at where that is read.
  if (!isRecursive || said.options.some(takesSome)) return []
  const read = said.operands.filter((word) => !isOfSearch(word))
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

function takesSome({ name, value }: Option): boolean {
  if (/^(--include|-t|--type)$/.test(name)) return true
  return /^(-g|--i?glob)$/.test(name) && !textOf(value).startsWith('!')
}

function patternsOf(options: readonly Option[], names: RegExp): readonly string[] {
  return options.filter(({ name }) => names.test(name)).map(({ value }) => textOf(value).replace(/^!/, ''))
}

function textOf(value: Word | undefined): string {
  return (value?.text ?? '').replace(/^=/, '')
}
