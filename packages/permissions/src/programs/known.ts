import { readVariables } from '../shell/loop.js'
import type { Word } from '../shell/word.js'
import { isEcho, isNumbered, isPrintf, isSet, isTest } from './expressions.js'
import { isSearch } from './find.js'
import { argumentsOf, type Arguments } from './grammar.js'
import { onlyPrints } from './languages.js'
import { isKnown, type ReaderProgram } from './reader.js'
import { readers } from './readers.js'
import { wrappers } from './wrappers.js'

/** Whether a program with these words is known to change nothing and to run nothing but commands that are judged on their own. */
export function isHarmless(program: string, words: readonly Word[]): boolean {
  if (!words.every((word) => isSingleText(program, word))) return false
  switch (program) {
    case 'echo':
      return isEcho(words)
    case 'printf':
      return isPrintf(words)
    case 'test':
    case '[':
      return isTest(program, words)
    case 'set':
      return isSet(words)
    case 'exit':
    case 'break':
    case 'continue':
      return isNumbered(words)
    case 'read':
      return isRead(words)
    case 'find':
      return isSearch(words)
    case 'command':
      return looksUpNames(words)
    case 'xargs':
      return runsItsWords(words)
    default: {
      if (saysVersion(program, words)) return true
      const reader = readerOf(program)
      return reader === undefined ? (onlyPrints(program, words) ?? false) : isKnown(reader, words)
    }
  }
}

/** `command -v name …`. After a second option zsh would run a program of that name, so no name may look like one. */
function looksUpNames([option, ...names]: readonly Word[]): boolean {
  const isLookUp = option?.kind === 'plain' && /^-[vV]$/.test(option.text)
  const isName = ({ kind, text, choices }: Word): boolean =>
    (kind === 'plain' || kind === 'number' || kind === 'choice') &&
    (choices ?? [text]).every((name) => !name.startsWith('-'))
  return isLookUp && names.every(isName)
}

function readerOf(program: string): ReaderProgram | undefined {
  return Object.hasOwn(readers, program) ? readers[program] : undefined
}

/** The words of a program that only reads, taken apart; `undefined` where not all is known. */
export function argumentsOfReader(program: string, words: readonly Word[]): Arguments | undefined {
  const reader = readerOf(program)
  return reader && argumentsOf(reader, words)
}

/** Text that is not known before it runs is only printed or compared. */
function isSingleText(program: string, { kind, single }: Word): boolean {
  switch (kind) {
    case 'unknown':
      return single === true && isTesting.test(program)
    case 'shown':
    case 'number':
      return isTesting.test(program) || printsWords(program) || /^(exit|break|continue)$/.test(program)
    default:
      return true
  }
}

const isTesting = /^(test|\[)$/

/** Whether the words of a program are no files, but what it says or compares. */
export function printsWords(program: string): boolean {
  return /^(echo|printf|test|\[|exit|seq|:|true|false)$/.test(program)
}

/** Whether a program shows what is in its files. */
export function showsFiles(program: string): boolean {
  return readerOf(program)?.shows === true || others.has(program)
}

const others = new Set(
  'sed awk gawk mawk jq less more bat cp scp zcat base64 perl python python3 node ruby'.split(' '),
)

function isRead(words: readonly Word[]): boolean {
  const read: Word = { text: 'read', kind: 'plain' }
  return readVariables({ words: [read, ...words], assignments: [], redirections: [] }).length > 0
}

/** Whether `xargs` does no more than run its words, which are a command of their own. */
function runsItsWords(words: readonly Word[]): boolean {
  const [first] = argumentsOf(wrappers.xargs, words)?.operands ?? []
  return first?.kind === 'plain' && /^[A-Za-z][\w-]*$/.test(first.text)
}

/** Programs that only say their version, also where a project names another one for itself. */
const versioned = new Set(
  'node npm npx python python3 pip pip3 ruby php perl gcc clang make cmake git java docker'.split(' '),
)

/** Whether a program is asked for its version, and for nothing more. */
function saysVersion(program: string, [option, ...more]: readonly Word[]): boolean {
  if (option?.kind !== 'plain' || more.length > 0 || !versioned.has(program)) return false
  return option.text === '--version' || (option.text === '-v' && /^(node|npm)$/.test(program))
}
