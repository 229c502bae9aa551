import type { Word } from '../shell/word.js'
import { argumentsOf, type Grammar } from './grammar.js'
import { mayBeOption } from './reader.js'

/** A program whose first operand is a text in a language of its own. */
type Language = Grammar & { isHarmless: (text: string) => boolean; operands?: RegExp }

const languages: Readonly<Record<string, Language>> = {
  sed: { letters: 'nEruz', valued: 'e', long: 'quiet silent regexp-extended expression=', isHarmless: isSed },
  awk: { valued: 'Fv', isHarmless: isAwk, operands: /^(?!.*=)(?!\/inet)/ },
  gawk: { valued: 'Fv', isHarmless: isAwk, operands: /^(?!.*=)(?!\/inet)/ },
  mawk: { valued: 'Fv', isHarmless: isAwk, operands: /^(?!.*=)(?!\/inet)/ },
  jq: {
    letters: 'rcsneMCSja',
    long: 'raw-output compact-output slurp null-input exit-status monochrome-output color-output sort-keys join-output ascii-output tab raw-input',
    isHarmless: isJq,
  },
}

/** Whether `sed`, `awk` or `jq` only prints; `undefined` for another program. */
export function onlyPrints(program: string, words: readonly Word[]): boolean | undefined {
  const language = Object.hasOwn(languages, program) ? languages[program] : undefined
  if (language === undefined) return undefined
  const said = words.some(mayBeOption) ? undefined : argumentsOf(language, words)
  if (said === undefined || words.some(({ kind, text }) => kind !== 'plain' && text.startsWith('-')))
    return false
  const { options, operands } = said
  // Some take what looks like an option after the first operand for one, and some for a file.
  if (program === 'sed' && hasLaterOption(words, operands[0])) return false
  const isScript = program === 'sed' ? /^(-e|--expression)$/ : /^$/
  const scripts = options.filter(({ name }) => isScript.test(name)).map(({ value }) => value)
  const variables = options.filter(({ name }) => program !== 'sed' && name === '-v')
  const texts = scripts.length > 0 ? scripts : operands.slice(0, 1)
  const files = scripts.length > 0 ? operands : operands.slice(1)
  if (!texts.every((one) => one?.kind === 'plain' && language.isHarmless(one.text)) || texts.length === 0)
    return false
  if (!variables.every(({ value }) => /^[a-z]\w*=[\w.:/ -]*$/.test(value?.text ?? ''))) return false
  return files.every(({ text, kind }) =>
    kind === 'plain' ? (language.operands?.test(text) ?? true) : kind !== 'unknown',
  )
}

function hasLaterOption(words: readonly Word[], first: Word | undefined): boolean {
  return first !== undefined && words.slice(words.indexOf(first)).some(({ text }) => /^-./.test(text))
}

const address = String.raw`(\d+|\$|/(\\[^\n]|[^/\\\n])+/)`
const addresses = String.raw`(${address}(,(${address}|\+\d+))? ?!?)?`
const replaced = ['/', '|', '#', ','].map(
  (mark) =>
    String.raw`s${quoted(mark)}([^${mark}\\\n]|\\[^\n])*${quoted(mark)}([^${mark}\\\n]|\\[^\n])*${quoted(mark)}[gpIi\d]*`,
)
const command = String.raw`${addresses} ?([pdq=]|${replaced.join('|')})`
const sedScript = new RegExp(String.raw`^${command}( ?; ?${command})*;?$`)

function quoted(mark: string): string {
  return mark === '|' ? '\\|' : mark
}

/** `1,200p`, `/a/,/b/p`, `s/a/b/g`, `/x/d`: it prints or drops lines, and nothing else that sed can do. */
function isSed(text: string): boolean {
  // Where such a bracket ends the expression is not the same in every sed.
  return sedScript.test(text.trim()) && !/\[\^?\]?[^\]]*[/|#,]/.test(text)
}

/** It may show the environment, and take more of its language from files. */
function isJq(text: string): boolean {
  return !/env|import|include|modulemeta|search_list|\$__/i.test(text)
}

/**
 * Fields, numbers, comparisons, texts and what counts and cuts them. What writes, runs or reads elsewhere has signs
 * (`>`, `|`, `@`) and words (`getline`, `system`) that are not taken, wherever they stand.
 */
function isAwk(text: string): boolean {
  // A text with such signs may be one only because a quote stands in an expression.
  const texts = text.match(/"(\\[^\n]|[^"\\\n])*"/g) ?? []
  if (texts.some((one) => /[/|<>{}@]/.test(one))) return false
  const bare = text.replace(/"(\\[^\n]|[^"\\\n])*"/g, ' 0 ')
  const plain = bare.replaceAll(expression, '$1 0 ')
  // Before the first brace `>` can only compare.
  const end = plain.includes('{') ? plain.indexOf('{') : plain.length
  const rest = plain.slice(0, end).replaceAll('>', ' ') + plain.slice(end)
  if (
    /["'`\\@>#]/.test(rest.replaceAll(/\\[./$^*+?()[\]dwstn-]/g, ' ')) ||
    /\|(?!\|)/.test(rest.replaceAll('||', ' '))
  )
    return false
  return (
    (rest.match(/[A-Za-z_]\w*/g) ?? []).every((name) => awkNames.test(name)) &&
    !/[A-Za-z_]\w*\s*\(/.test(called(rest))
  )
}

/** A simple expression where a division cannot stand. */
const expression = /(^\s*|[(~{;,!&|]\s*)\/[\w .:^$+*?-]*\//g

/** What is called, but for the functions and words that are known. */
function called(text: string): string {
  return text.replaceAll(
    /\b(length|substr|index|tolower|toupper|int|sprintf|split|gsub|sub|match|if|while|for|in|print|printf|return)\s*\(/g,
    ' ',
  )
}

/** Names of a language of its own are small ones; what begins with a capital is known. */
const awkNames =
  /^(BEGIN|END|NR|NF|FNR|FS|OFS|RS|ORS|FILENAME|RSTART|RLENGTH|(?!(system|getline|close|fflush|include|load|func|function|nextfile|eval|namespace)$)[a-z_]\w*|[A-Z]\w?)$/
