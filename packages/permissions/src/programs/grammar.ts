import type { Word } from '../word.js'

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
}

/** The words that are neither options nor their values; `undefined` where there is an option that is not known. */
export function operandsOf(grammar: Grammar, words: readonly Word[]): readonly Word[] | undefined {
  const operands: Word[] = []
  for (let at = 0; at < words.length;) {
    const word = words[at] ?? { text: '', kind: 'plain' as const }
    if (word.kind === 'plain' && word.text === '--') return [...operands, ...words.slice(at + 1)]
    if (!word.text.startsWith('-') || word.text === '-') {
      if (grammar.optionsFirst) return [...operands, ...words.slice(at)]
      operands.push(word)
      at += 1
      continue
    }
    const length = lengthOfOption(grammar, word, words[at + 1])
    if (length === undefined) return undefined
    at += length
  }
  return operands
}

/** How many words an option takes. */
function lengthOfOption(grammar: Grammar, word: Word, next: Word | undefined): number | undefined {
  if (word.kind !== 'plain') return isLongWithValue(grammar, word) ? 1 : undefined
  const { text } = word
  if (grammar.other?.test(text)) return 1
  const takesNext = text.startsWith('--') ? takesNextLong(grammar, text) : takesNextShort(grammar, text)
  if (takesNext === undefined) return undefined
  if (!takesNext || next === undefined) return 1
  return isValue(next) ? 2 : undefined
}

/** `--include=*.ts`: whatever files it becomes, each begins with the same option. */
function isLongWithValue(grammar: Grammar, { text, kind }: Word): boolean {
  const [, name = ''] = /^--([\w-]+)=/.exec(text) ?? []
  return kind === 'glob' && formsOf(grammar, name).some((form) => /[=?]$/.test(form))
}

function takesNextLong(grammar: Grammar, text: string): boolean | undefined {
  const [, name = '', equals] = /^--([\w-]+)(=)?/.exec(text) ?? []
  const forms = formsOf(grammar, name)
  if (equals !== undefined) return forms.some((form) => /[=?]$/.test(form)) ? false : undefined
  if (text !== `--${name}` || forms.length === 0) return undefined
  return forms.includes(`${name}=`)
}

function formsOf({ long = '' }: Grammar, name: string): readonly string[] {
  return long.split(' ').filter((form) => form.replace(/[=?]$/, '') === name)
}

function takesNextShort(
  { letters = '', valued = '', files = '' }: Grammar,
  text: string,
): boolean | undefined {
  for (const [at, letter] of Array.from(text).entries()) {
    if (at === 0) continue
    const isLast = at === text.length - 1
    if (valued.includes(letter)) return isLast
    if (files.includes(letter)) return isLast || undefined
    if (!letters.includes(letter)) return undefined
  }
  return false
}

/** A value that no program takes for another option, where it knows the first one otherwise. */
function isValue({ kind, text }: Word): boolean {
  return kind === 'plain' && (!text.startsWith('-') || /^-\d*$/.test(text))
}
