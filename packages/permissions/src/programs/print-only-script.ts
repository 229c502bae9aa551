import type { ShellWord } from '../shell/shell-word.js'
import { parseArguments, type OptionGrammar } from './option-grammar.js'
import { mayExpandToOption } from './read-only-program.js'

type Language = OptionGrammar & { isHarmless: (text: string) => boolean; operands?: RegExp }

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

/** Whether `sed`, `awk` or `jq` only prints; undefined for other programs. */
export function isPrintOnlyScript(program: string, words: readonly ShellWord[]): boolean | undefined {
  const language = Object.hasOwn(languages, program) ? languages[program] : undefined
  if (language === undefined) return undefined
  const said = words.some(mayExpandToOption) ? undefined : parseArguments(language, words)
  if (said === undefined || words.some(({ kind, text }) => kind !== 'plain' && text.startsWith('-')))
    return false
  const { options, operands } = said
  // Some versions of sed read an option after the first operand as an option, others as a file.
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

function hasLaterOption(words: readonly ShellWord[], first: ShellWord | undefined): boolean {
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

/** Whether a sed script only prints, drops or replaces lines: `1,200p`, `/a/,/b/p`, `s/a/b/g`, `/x/d`. */
function isSed(text: string): boolean {
  // Versions of sed disagree on where such a bracket ends the expression.
  return sedScript.test(text.trim()) && !/\[\^?\]?[^\]]*[/|#,]/.test(text)
}

/** Whether a jq filter shows no environment and loads no files. */
function isJq(text: string): boolean {
  return !/env|import|include|modulemeta|search_list|\$__/i.test(text)
}

/**
 * Whether an awk script only computes and prints. Scripts that write, run or read other files contain signs (`>`, `|`, `@`)
 * or words (`getline`, `system`) that are not accepted at any position.
 */
function isAwk(text: string): boolean {
  // A quote in a regular expression could make code look like a string.
  const texts = text.match(/"(\\[^\n]|[^"\\\n])*"/g) ?? []
  if (texts.some((one) => /[/|<>{}@]/.test(one))) return false
  const bare = text.replace(/"(\\[^\n]|[^"\\\n])*"/g, ' 0 ')
  const plain = bare.replaceAll(expression, '$1 0 ')
  // Before the first brace `>` is a comparison.
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

/** A simple regular expression, at a position where `/` cannot be a division. */
const expression = /(^\s*|[(~{;,!&|]\s*)\/[\w .:^$+*?-]*\//g

/** Removes calls of known functions and keywords from an awk script. */
function called(text: string): string {
  return text.replaceAll(
    /\b(length|substr|index|tolower|toupper|int|sprintf|split|gsub|sub|match|if|while|for|in|print|printf|return)\s*\(/g,
    ' ',
  )
}

/** Accepted names of awk: variables in lower case that are no functions, and known names in capitals. */
const awkNames =
  /^(BEGIN|END|NR|NF|FNR|FS|OFS|RS|ORS|FILENAME|RSTART|RLENGTH|(?!(system|getline|close|fflush|include|load|func|function|nextfile|eval|namespace)$)[a-z_]\w*|[A-Z]\w?)$/
