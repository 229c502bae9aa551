import { findVariablesSetByRead } from '../shell/loop.js'
import type { ShellWord } from '../shell/shell-word.js'
import {
  isSafeEchoCommand,
  hasAtMostOneNumber,
  isSafePrintfCommand,
  isSafeSetCommand,
  isShellTest,
} from './safe-builtins.js'
import { isHarmlessFindCommand } from './find.js'
import { parseArguments, type ParsedArguments } from './option-grammar.js'
import { isPrintOnlyScript } from './print-only-script.js'
import { hasHarmlessArguments, type ReadOnlyProgram } from './read-only-program.js'
import { readOnlyPrograms } from './read-only-programs.js'
import { wrapperPrograms } from './wrapper-programs.js'

/** Whether a program with these words changes nothing, and runs nothing but commands that are checked separately. */
export function isHarmlessProgramCall(program: string, words: readonly ShellWord[]): boolean {
  if (!words.every((word) => isSingleText(program, word))) return false
  switch (program) {
    case 'echo':
      return isSafeEchoCommand(words)
    case 'printf':
      return isSafePrintfCommand(words)
    case 'test':
    case '[':
      return isShellTest(program, words)
    case 'set':
      return isSafeSetCommand(words)
    case 'exit':
    case 'break':
    case 'continue':
      return hasAtMostOneNumber(words)
    case 'read':
      return isRead(words)
    case 'find':
      return isHarmlessFindCommand(words)
    case 'command':
      return looksUpNames(words)
    case 'xargs':
      return runsItsWords(words)
    default: {
      if (saysVersion(program, words)) return true
      const reader = readerOf(program)
      return reader === undefined
        ? (isPrintOnlyScript(program, words) ?? false)
        : hasHarmlessArguments(reader, words)
    }
  }
}

/** Whether `command -v` or `-V` only looks names up. After a second option zsh would run a program, so no name may look like an option. */
function looksUpNames([option, ...names]: readonly ShellWord[]): boolean {
  const isLookUp = option?.kind === 'plain' && /^-[vV]$/.test(option.text)
  const isName = ({ kind, text, choices }: ShellWord): boolean =>
    (kind === 'plain' || kind === 'number' || kind === 'choice') &&
    (choices ?? [text]).every((name) => !name.startsWith('-'))
  return isLookUp && names.every(isName)
}

function readerOf(program: string): ReadOnlyProgram | undefined {
  return Object.hasOwn(readOnlyPrograms, program) ? readOnlyPrograms[program] : undefined
}

/** The options and operands of a program that only reads; undefined for unknown programs and options. */
export function parseReaderArguments(
  program: string,
  words: readonly ShellWord[],
): ParsedArguments | undefined {
  const reader = readerOf(program)
  return reader && parseArguments(reader, words)
}

/** Whether a program may get a word of this kind: only some programs may get text that is not known before the command runs. */
function isSingleText(program: string, { kind, single }: ShellWord): boolean {
  switch (kind) {
    case 'unknown':
      return single === true && isTesting.test(program)
    case 'shown':
    case 'number':
      return (
        isTesting.test(program) ||
        doesProgramPrintArguments(program) ||
        /^(exit|break|continue)$/.test(program)
      )
    default:
      return true
  }
}

const isTesting = /^(test|\[)$/

/** Whether a program prints or compares its words, and does not read them as files. */
export function doesProgramPrintArguments(program: string): boolean {
  return /^(echo|printf|test|\[|exit|seq|:|true|false)$/.test(program)
}

export function doesProgramPrintFiles(program: string): boolean {
  return readerOf(program)?.shows === true || others.has(program)
}

const others = new Set(
  'sed awk gawk mawk jq less more bat cp scp zcat base64 perl python python3 node ruby'.split(' '),
)

function isRead(words: readonly ShellWord[]): boolean {
  const read: ShellWord = { text: 'read', kind: 'plain' }
  return findVariablesSetByRead({ words: [read, ...words], assignments: [], redirections: [] }).length > 0
}

/** Whether `xargs` only runs its words, which are checked as a separate command. */
function runsItsWords(words: readonly ShellWord[]): boolean {
  const [first] = parseArguments(wrapperPrograms.xargs, words)?.operands ?? []
  return first?.kind === 'plain' && /^[A-Za-z][\w-]*$/.test(first.text)
}

/** Programs whose `--version` is harmless, also when the project selects another version of them. */
const versioned = new Set(
  'node npm npx python python3 pip pip3 ruby php perl gcc clang make cmake git java docker'.split(' '),
)

/** Whether a command only prints the version of a program. */
function saysVersion(program: string, [option, ...more]: readonly ShellWord[]): boolean {
  if (option?.kind !== 'plain' || more.length > 0 || !versioned.has(program)) return false
  return option.text === '--version' || (option.text === '-v' && /^(node|npm)$/.test(program))
}
