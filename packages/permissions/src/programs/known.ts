import { readVariables } from '../shell/loop.js'
import type { Word } from '../shell/word.js'
import { isSafeEcho, hasOneNumber, isSafePrintf, isSafeSet, isShellTest } from './expressions.js'
import { isHarmlessFind } from './find.js'
import { argumentsOf, type ParsedArguments } from './grammar.js'
import { onlyPrints } from './languages.js'
import { hasKnownArguments, type ReaderProgram } from './reader.js'
import { readerPrograms } from './readers.js'
import { wrapperPrograms } from './wrappers.js'

/** Whether a program with these words changes nothing, and runs nothing but commands that are checked separately. */
export function isHarmless(program: string, words: readonly Word[]): boolean {
  if (!words.every((word) => isSingleText(program, word))) return false
  switch (program) {
    case 'echo':
      return isSafeEcho(words)
    case 'printf':
      return isSafePrintf(words)
    case 'test':
    case '[':
      return isShellTest(program, words)
    case 'set':
      return isSafeSet(words)
    case 'exit':
    case 'break':
    case 'continue':
      return hasOneNumber(words)
    case 'read':
      return isRead(words)
    case 'find':
      return isHarmlessFind(words)
    case 'command':
      return looksUpNames(words)
    case 'xargs':
      return runsItsWords(words)
    default: {
      if (saysVersion(program, words)) return true
      const reader = readerOf(program)
      return reader === undefined ? (onlyPrints(program, words) ?? false) : hasKnownArguments(reader, words)
    }
  }
}

/** Whether `command -v` or `-V` only looks names up. After a second option zsh would run a program, so no name may look like an option. */
function looksUpNames([option, ...names]: readonly Word[]): boolean {
  const isLookUp = option?.kind === 'plain' && /^-[vV]$/.test(option.text)
  const isName = ({ kind, text, choices }: Word): boolean =>
    (kind === 'plain' || kind === 'number' || kind === 'choice') &&
    (choices ?? [text]).every((name) => !name.startsWith('-'))
  return isLookUp && names.every(isName)
}

function readerOf(program: string): ReaderProgram | undefined {
  return Object.hasOwn(readerPrograms, program) ? readerPrograms[program] : undefined
}

/** The options and operands of a program that only reads; undefined for unknown programs and options. */
export function argumentsOfReader(program: string, words: readonly Word[]): ParsedArguments | undefined {
  const reader = readerOf(program)
  return reader && argumentsOf(reader, words)
}

/** Whether a program may get a word of this kind: only some programs may get text that is not known before the command runs. */
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

/** Whether a program prints or compares its words, and does not read them as files. */
export function printsWords(program: string): boolean {
  return /^(echo|printf|test|\[|exit|seq|:|true|false)$/.test(program)
}

/** Whether a program prints the content of its files. */
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

/** Whether `xargs` only runs its words, which are checked as a separate command. */
function runsItsWords(words: readonly Word[]): boolean {
  const [first] = argumentsOf(wrapperPrograms.xargs, words)?.operands ?? []
  return first?.kind === 'plain' && /^[A-Za-z][\w-]*$/.test(first.text)
}

/** Programs whose `--version` is harmless, also when the project selects another version of them. */
const versioned = new Set(
  'node npm npx python python3 pip pip3 ruby php perl gcc clang make cmake git java docker'.split(' '),
)

/** Whether a command only prints the version of a program. */
function saysVersion(program: string, [option, ...more]: readonly Word[]): boolean {
  if (option?.kind !== 'plain' || more.length > 0 || !versioned.has(program)) return false
  return option.text === '--version' || (option.text === '-v' && /^(node|npm)$/.test(program))
}
