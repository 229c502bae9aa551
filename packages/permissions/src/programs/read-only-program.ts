import type { ShellWord } from '../shell/shell-word.js'
import { parseArguments, type OptionGrammar, type ParsedOption } from './option-grammar.js'

/** A program that only reads, with its known options and operands. */
export type ReadOnlyProgram = OptionGrammar & {
  /** Matches the operands that the program may have. Default: any file or text. */
  operands?: RegExp
  /** A further condition that a known option of the program must meet. */
  option?: (option: ParsedOption) => boolean
  /** The most operands with which the program still only reads. */
  most?: number
  shows?: true
  /** Set for programs that search the current folder when they get no file. */
  searches?: true
  /** Set when no option of the program writes or runs anything, so that a pattern may expand to an option. */
  harmless?: true
}

export function hasHarmlessArguments(reader: ReadOnlyProgram, words: readonly ShellWord[]): boolean {
  if (!reader.harmless && words.some(mayExpandToOption)) return false
  const said = parseArguments(reader, words)
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
export function mayExpandToOption({ kind, text, choices }: ShellWord): boolean {
  if (choices !== undefined) return choices.some((choice) => /^[-*]/.test(choice))
  return (kind === 'glob' || kind === 'parted') && /^[-*?[]/.test(text) && !/^--[\w-]+=/.test(text)
}

function mayBeMany({ kind }: ShellWord): boolean {
  return kind !== 'plain' && kind !== 'tilde'
}
