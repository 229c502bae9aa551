import type { Word } from '../shell/word.js'
import { argumentsOf, type Grammar, type Option } from './grammar.js'

/** A program that only reads, with the options and operands that are known. */
export type ReaderProgram = Grammar & {
  /** What an operand must look like where it is not any file or text. */
  operands?: RegExp
  /** What must hold for an option beside that it is known. */
  option?: (option: Option) => boolean
  /** How many operands it takes. */
  most?: number
  /** It shows what is in its files. */
  shows?: true
  /** It looks through a folder when it is given no file. */
  searches?: true
  /** None of its options writes or runs anything: so a pattern may become the name of a file that looks like one. */
  harmless?: true
}

/** Whether all that is said to a program is known to be harmless. */
export function isKnown(reader: ReaderProgram, words: readonly Word[]): boolean {
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

/** A word that may become one that looks like an option: a pattern by the name of a file. */
export function mayBeOption({ kind, text, choices }: Word): boolean {
  if (choices !== undefined) return choices.some((choice) => /^[-*]/.test(choice))
  return (kind === 'glob' || kind === 'parted') && /^[-*?[]/.test(text) && !/^--[\w-]+=/.test(text)
}

function mayBeMany({ kind }: Word): boolean {
  return kind !== 'plain' && kind !== 'tilde'
}
