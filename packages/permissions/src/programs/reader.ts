import type { Word } from '../shell/word.js'
import { argumentsOf, type ProgramGrammar, type ParsedOption } from './grammar.js'

/** A program that only reads, with its known options and operands. */
export type ReaderProgram = ProgramGrammar & {
  /** Matches the operands that the program may have. Default: any file or text. */
  operands?: RegExp
  /** A further condition that a known option of the program must meet. */
  option?: (option: ParsedOption) => boolean
  /** The most operands with which the program still only reads. */
  most?: number
  /** Set for programs that print the content of their files. */
  shows?: true
  /** Set for programs that search the current folder when they get no file. */
  searches?: true
  /** Set when no option of the program writes or runs anything, so that a pattern may expand to an option. */
  harmless?: true
}

/** Whether all options and operands of a command are known to be harmless. */
export function hasKnownArguments(reader: ReaderProgram, words: readonly Word[]): boolean {
  if (!reader.harmless && words.some(mayBeOption)) return false
  const said = argumentsOf(reader, words)
  if (said === undefined) return false
  const { operands } = said
  const { operands: form, most, option = () => true } = reader
  if (!said.options.every(option)) return false
  if (most !== undefined && (operands.length > most || operands.some(mayBeMany))) return false
  return (
    form === undefined ||
    operands.every(({ kind, text }) => (kind === 'plain' || kind === 'tilde') && form.test(text))
  )
}

/** Whether a word may expand to an option, such as a pattern that matches a file with such a name. */
export function mayBeOption({ kind, text, choices }: Word): boolean {
  if (choices !== undefined) return choices.some((choice) => /^[-*]/.test(choice))
  return (kind === 'glob' || kind === 'parted') && /^[-*?[]/.test(text) && !/^--[\w-]+=/.test(text)
}

function mayBeMany({ kind }: Word): boolean {
  return kind !== 'plain' && kind !== 'tilde'
}
