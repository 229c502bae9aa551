import type { ShellWord } from '../shell/shell-word.js'

/** Whether words are one test, such as `[ -n "$X" ]` or `test a = b`, in a form that all shells read alike. */
export function isShellTest(program: string, words: readonly ShellWord[]): boolean {
  const isBracket = program === '['
  if (isBracket && words.at(-1)?.text !== ']') return false
  const inner = isBracket ? words.slice(0, -1) : words
  const asked = isText(inner[0], '!') ? inner.slice(1) : inner
  if (!asked.every(isOneWord)) return false
  const [first, second, third] = asked
  switch (asked.length) {
    case 1:
      return first?.kind !== 'plain' || !first.text.startsWith('-')
    case 2:
      if (isText(first, '-t')) return second?.kind === 'plain' && /^\d$/.test(second.text)
      return first?.kind === 'plain' && /^-[bcdefghLkprsSuwxOGNnz]$/.test(first.text)
    case 3:
      if (second?.kind !== 'plain' || first === undefined || third === undefined) return false
      // zsh evaluates numbers as expressions, which may contain a command.
      if (/^-(eq|ne|lt|le|gt|ge)$/.test(second.text)) return isNumber(first) && isNumber(third)
      return /^(==?|!=|-nt|-ot|-ef)$/.test(second.text)
    default:
      return false
  }
}

/** Whether a word stays one word. A variable without quotes may become none or several. */
function isOneWord({ kind, single }: ShellWord): boolean {
  return kind === 'plain' || kind === 'tilde' || single === true
}

function isNumber({ kind, text }: ShellWord): boolean {
  return kind === 'number' ? /^-?\d+$/.test(text) : kind === 'plain' && /^-?\d+(\.\d+)?$/.test(text)
}

function isText(word: ShellWord | undefined, text: string): boolean {
  return word?.kind === 'plain' && word.text === text
}

/** Whether `printf` has a known format. zsh evaluates values of number formats, and bash sets a variable by `%n`. */
export function isSafePrintfCommand(words: readonly ShellWord[]): boolean {
  const [format, ...values] = isText(words[0], '--') ? words.slice(1) : words
  if (format?.kind !== 'plain' || format.text.startsWith('-')) return false
  const conversions = format.text.replaceAll('%%', '').split('%').slice(1)
  if (!conversions.every((text) => /^[-+ 0#]*\d*(\.\d+)?[sbcqdiuxXof]/.test(text))) return false
  const onlyTexts = conversions.every((text) => /^[-+ 0#]*\d*(\.\d+)?[sbcq]/.test(text))
  return onlyTexts || values.every(isNumber)
}

/** Whether `echo` has known words only. */
export function isSafeEchoCommand(words: readonly ShellWord[]): boolean {
  return words.every(({ kind }) => kind !== 'unknown')
}

/** Whether `set` has only options such as `-e` that make a line end earlier; `-x` would print the values of variables. */
export function isSafeSetCommand(words: readonly ShellWord[]): boolean {
  return words.length > 0 && /^(-[eu]+|-[eu]*o pipefail)( -[eu]+| -[eu]*o pipefail)*$/.test(textOf(words))
}

/** Whether `exit` or `break` has at most one number. zsh evaluates other words as expressions. */
export function hasAtMostOneNumber(words: readonly ShellWord[]): boolean {
  return words.length <= 1 && words.every(isNumber)
}

function textOf(words: readonly ShellWord[]): string {
  return words.every(({ kind }) => kind === 'plain') ? words.map(({ text }) => text).join(' ') : ''
}
