import type { Word } from '../shell/word.js'

/** The options of a program that are known, by their full names. Whatever else is said to it, asks. */
export type Grammar = {
  /** Options of one letter that take no value, and may stand together. */
  letters?: string
  /** Options of one letter that take a value, in the same word or in the next. */
  valued?: string
  /** Options of one letter whose value is a file: in the next word only, where it is judged as a file. */
  files?: string
  /** Long options: `name`, `name=` with a value, also in the next word, `name?` with one after `=` or none. */
  long?: string
  /** Words that are options of another form, such as `-20`. */
  other?: RegExp
  /** Whether options end at the first operand: programs that take an option for a file after it. */
  optionsFirst?: true
  /** Whether each letter stands in a word of its own. */
  apart?: true
  /** What a value must look like in the word of its letter, where it may not be any text. */
  attached?: RegExp
}

/** An option with its full dashes, as `-e` or `--regexp`, its value, and the word in which that stands. */
export type Option = { name: string; word: Word; value?: Word }

/** What is said to a program: its options, and the words that are neither options nor their values. */
export type Arguments = { options: readonly Option[]; operands: readonly Word[] }

/** The words of a program taken apart, the one place where that is done; `undefined` where an option is not known. */
export function argumentsOf(grammar: Grammar, words: readonly Word[]): Arguments | undefined {
  const options: Option[] = []
  const operands: Word[] = []
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

/** The options that a word holds; the last one may take the next word. */
function optionsIn(grammar: Grammar, word: Word, next: Word | undefined): readonly Option[] | undefined {
  const { text, kind } = word
  if (kind === 'plain' && grammar.other?.test(text)) return [{ name: text, word }]
  if (text.startsWith('--')) return longOption(grammar, word, next)
  return kind === 'plain' ? shortOptions(grammar, word, next) : undefined
}

/** With a pattern only as `--include=*.ts`: whatever files it becomes, each begins with the same option. */
function longOption(grammar: Grammar, word: Word, next: Word | undefined): readonly Option[] | undefined {
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

function formsOf({ long = '' }: Grammar, name: string): readonly string[] {
  return long.split(' ').filter((form) => form.replace(/[=?]$/, '') === name)
}

function shortOptions(grammar: Grammar, word: Word, next: Word | undefined): readonly Option[] | undefined {
  const { letters = '', valued = '', files = '', apart, attached } = grammar
  const options: Option[] = []
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

function withNext(option: Option, next: Word | undefined): readonly Option[] | undefined {
  if (next === undefined) return [option]
  return isValue(next) ? [{ ...option, word: next, value: next }] : undefined
}

/** A value that no program takes for another option, where it knows the first one otherwise. */
function isValue({ kind, text }: Word): boolean {
  return kind === 'plain' && (!text.startsWith('-') || /^-\d*$/.test(text))
}
