import type { ShellWord } from '../shell/shell-word.js'

export type OptionGrammar = {
  /** Options of one letter without a value, which may be combined. */
  letters?: string
  valued?: string
  /** One-letter options whose value is a file in the next word. */
  files?: string
  /** Long options: `name`; `name=` with a value, also in the next word; `name?` with an optional value after `=`. */
  long?: string
  /** Matches options of another form, such as `-20`. */
  other?: RegExp
  /** Set for programs that read an option after the first operand as a file. */
  optionsFirst?: true
  /** Set for programs whose one-letter options cannot be combined. */
  apart?: true
  /** Matches option values that stand in the same word as their letter. Default: any text. */
  attached?: RegExp
}

/** An option with its dashes, such as `-e` or `--regexp`; its value; and the word that contains the value. */
export type ParsedOption = { name: string; word: ShellWord; value?: ShellWord }

/** The options of a command, and the words that are neither options nor values. */
export type ParsedArguments = { options: readonly ParsedOption[]; operands: readonly ShellWord[] }

/** Parses the words of a command by a grammar; undefined when an option is not known. */
export function parseArguments(
  grammar: OptionGrammar,
  words: readonly ShellWord[],
): ParsedArguments | undefined {
  const options: ParsedOption[] = []
  const operands: ShellWord[] = []
  for (let at = 0; at < words.length;) {
    const word = words[at] ?? { text: '', kind: 'plain' as const }
    if (word.kind === 'plain' && word.text === '--')
      return { options, operands: [...operands, ...words.slice(at + 1)] }
    if (!word.text.startsWith('-') || word.text === '-') {
      if (grammar.optionsFirst) return { options, operands: [...operands, ...words.slice(at)] }
      operands.push(word)
      at += 1
      continue
    }
    const taken = optionsIn(grammar, word, words[at + 1])
    if (taken === undefined) return undefined
    options.push(...taken)
    const value = taken.at(-1)?.value
    at += value !== undefined && value === words[at + 1] ? 2 : 1
  }
  return { options, operands }
}

/** Returns the options in a word of a command. The last one may take the next word as its value. */
function optionsIn(
  grammar: OptionGrammar,
  word: ShellWord,
  next: ShellWord | undefined,
): readonly ParsedOption[] | undefined {
  const { text, kind } = word
  if (kind === 'plain' && grammar.other?.test(text)) return [{ name: text, word }]
  if (text.startsWith('--')) return longOption(grammar, word, next)
  return kind === 'plain' ? shortOptions(grammar, word, next) : undefined
}

/** Parses a long option. A pattern is allowed only after `=`, because each word that it expands to begins with the same option. */
function longOption(
  grammar: OptionGrammar,
  word: ShellWord,
  next: ShellWord | undefined,
): readonly ParsedOption[] | undefined {
  const { text, kind } = word
  const [start = '', name = '', equals] = /^--([\w-]+)(=)?/.exec(text) ?? []
  const option = { name: `--${name}`, word }
  const forms = formsOf(grammar, name)
  if (equals !== undefined) {
    const isKnown = /^(plain|glob)$/.test(kind) && forms.some((form) => /[=?]$/.test(form))
    return isKnown ? [{ ...option, value: { text: text.slice(start.length), kind } }] : undefined
  }
  if (kind !== 'plain' || text !== option.name || forms.length === 0) return undefined
  return forms.includes(`${name}=`) ? withNext(option, next) : [option]
}

function formsOf({ long = '' }: OptionGrammar, name: string): readonly string[] {
  return long.split(' ').filter((form) => form.replace(/[=?]$/, '') === name)
}

function shortOptions(
  grammar: OptionGrammar,
  word: ShellWord,
  next: ShellWord | undefined,
): readonly ParsedOption[] | undefined {
  const { letters = '', valued = '', files = '', apart, attached } = grammar
  const options: ParsedOption[] = []
  for (const [at, letter] of Array.from(word.text).entries()) {
    if (at === 0) continue
    const option = { name: `-${letter}`, word }
    const rest = word.text.slice(at + 1)
    if (valued.includes(letter) || files.includes(letter)) {
      if (rest === '') {
        const last = withNext(option, next)
        return last && [...options, ...last]
      }
      const isKnown = valued.includes(letter) && (attached?.test(rest) ?? true)
      return isKnown ? [...options, { ...option, value: { text: rest, kind: 'plain' } }] : undefined
    }
    if (!letters.includes(letter) || (apart && rest !== '')) return undefined
    options.push(option)
  }
  return options
}

function withNext(option: ParsedOption, next: ShellWord | undefined): readonly ParsedOption[] | undefined {
  if (next === undefined) return [option]
  return isValue(next) ? [{ ...option, word: next, value: next }] : undefined
}

/** Whether no program can read a value as another option. */
function isValue({ kind, text }: ShellWord): boolean {
  return kind === 'plain' && (!text.startsWith('-') || /^-\d*$/.test(text))
}
