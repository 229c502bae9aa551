import { skipHereDocumentTexts, scanHereDocumentStart } from './here-documents.js'
import { recordShellDisagreement, type ShellAgreedWord, type ShellLineScanner } from './scanner.js'
import { scanShellWordAt, type ScannedShellWord } from './word-scanner.js'
import { isPureBuiltin } from './pure-builtins.js'

/**
 * Reads a command line independently of the parser, by the rules that bash, dash and zsh share. Returns its words and
 * keywords in order, or why the shells may read the line differently.
 */
export function readShellAgreedWords(
  text: string,
): { words: readonly ShellAgreedWord[] } | { disagreement: string } {
  const scanner: ShellLineScanner = {
    text,
    at: 0,
    words: [],
    waiting: [],
    disagreement: undefined,
    depth: 0,
    readScript,
  }
  readScript(scanner, undefined)
  if (scanner.waiting.length > 0) recordShellDisagreement(scanner, 'a here-document without an end')
  const { words, disagreement } = scanner
  return disagreement === undefined ? { words } : { disagreement }
}

/**
 * The part that the scanner expects next: a command; the name of a command after assignments or redirections; the name of a program after
 * `time`; words of a command; an operator after a complete command; the parts of `for`; the words of `[[`.
 */
type State = 'start' | 'prefix' | 'timed' | 'words' | 'closed' | 'for' | 'in' | 'list' | 'test'

/** Reads commands until the closing character of a substitution or subshell, or the end of the text. */
function readScript(scanner: ShellLineScanner, closing: ')' | '`' | undefined): void {
  scanner.depth += 1
  if (scanner.depth > 50) recordShellDisagreement(scanner, 'too much inside each other')
  let state: State = 'start'
  while (scanner.at < scanner.text.length) {
    const character = scanner.text[scanner.at]
    if (character === closing) break
    if (character === ')') recordShellDisagreement(scanner, 'a parenthesis that closes nothing')
    else state = readToken(scanner, state, closing)
  }
  if (closing !== undefined && scanner.text[scanner.at] !== closing)
    recordShellDisagreement(scanner, 'no end of a substitution')
  if (!['start', 'words', 'closed', 'prefix'].includes(state))
    recordShellDisagreement(scanner, 'a command without an end')
  scanner.depth -= 1
}

function readToken(scanner: ShellLineScanner, state: State, closing: string | undefined): State {
  if (skipBlank(scanner)) return state
  switch (scanner.text[scanner.at]) {
    case '#':
      if (closing !== undefined) recordShellDisagreement(scanner, 'a comment in parentheses')
      else scanner.at = endOfLine(scanner)
      return state
    case '\n':
      scanner.at += 1
      skipHereDocumentTexts(scanner)
      if (['timed', 'for', 'in', 'test'].includes(state))
        recordShellDisagreement(scanner, 'a line break in a command')
      return 'start'
    case '(':
      return readSubshell(scanner, state)
    default:
      return (
        readRedirection(scanner, state, closing) ??
        readOperator(scanner, state) ??
        readNamed(scanner, state, closing)
      )
  }
}

/** Skips a blank. A line may continue in the next one only after a blank: elsewhere the backslash may be part of an operator. */
function skipBlank(scanner: ShellLineScanner): boolean {
  const { text, at } = scanner
  const continues = text.startsWith('\\\n', at) && /[ \t\n]/.test(text[at - 1] ?? '')
  if (!continues && text[at] !== ' ' && text[at] !== '\t') return false
  scanner.at += continues ? 2 : 1
  return true
}

function endOfLine({ text, at }: ShellLineScanner): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

function readSubshell(scanner: ShellLineScanner, state: State): State {
  if (state !== 'start') recordShellDisagreement(scanner, 'parentheses that are no subshell in every shell')
  else if (/^\((\(|\s*\))/.test(scanner.text.slice(scanner.at, scanner.at + 100))) {
    recordShellDisagreement(scanner, 'parentheses that are no subshell in every shell')
  } else {
    scanner.at += 1
    readScript(scanner, ')')
    scanner.at += 1
  }
  return 'closed'
}

const redirection = /\d?(?:<<<|<<-?|<&|<>|<|>>|>&|>\||>)|&>>?/y

function readRedirection(
  scanner: ShellLineScanner,
  state: State,
  closing: string | undefined,
): State | undefined {
  redirection.lastIndex = scanner.at
  const [operator] = redirection.exec(scanner.text) ?? []
  if (operator === undefined) return undefined
  // `<1-5>` is a pattern of zsh.
  if (
    /^\d?<\d*-\d*>/.test(scanner.text.slice(scanner.at, scanner.at + 50)) ||
    ['timed', 'for', 'in', 'list', 'test'].includes(state)
  ) {
    recordShellDisagreement(scanner, `${operator} where it is no redirection in every shell`)
    return state
  }
  scanner.at += operator.length
  const blank = /[ \t]*/y
  blank.lastIndex = scanner.at
  scanner.at += blank.exec(scanner.text)?.[0].length ?? 0
  const start = scanner.at
  const word = scanShellWordAt(scanner, closing)
  if (scanner.at === start || word === undefined)
    recordShellDisagreement(scanner, 'a redirection without a file')
  else {
    scanner.words.push({ ...word, role: 'word' })
    if (/^\d?<<-?$/.test(operator))
      scanHereDocumentStart(scanner, { operator, word: word.text, inside: closing !== undefined })
  }
  // dash ends the command at the `&` of `&>`, and runs the words after the file as another command.
  if (operator.startsWith('&')) return 'closed'
  return state === 'start' ? 'prefix' : state
}

function readOperator(scanner: ShellLineScanner, state: State): State | undefined {
  const [operator] = /^(?:&&|\|\||\|&|;;|[;&|])/.exec(scanner.text.slice(scanner.at, scanner.at + 2)) ?? []
  if (operator === undefined) return undefined
  const next = scanner.text[scanner.at + operator.length] ?? ''
  const isKnown =
    operator !== ';;' && (state === 'list' ? operator === ';' : /^(words|closed|prefix)$/.test(state))
  // `&|`, `&!` and `;|` are operators of zsh.
  if (!isKnown || /[&|;!]/.test(next))
    recordShellDisagreement(scanner, `the operator ${operator}${next.trim()}`)
  scanner.at += operator.length
  return 'start'
}

function readNamed(scanner: ShellLineScanner, state: State, closing: string | undefined): State {
  const word = scanShellWordAt(scanner, closing)
  if (word === undefined) return state
  const { role, next, why } = roleOf(word, state)
  if (why !== undefined) recordShellDisagreement(scanner, why)
  scanner.words.push({ ...word, role })
  return next
}

type Role = { role: ShellAgreedWord['role']; next: State; why?: string }

const opening = new Set(['if', 'while', 'until', 'then', 'do', 'else', 'elif', '!', '{'])
const closingWords = new Set(['fi', 'done', '}'])
/** Keywords of some shells that the scanner of command lines does not support. */
const unsupported = new Set('case esac select function coproc repeat foreach end always in ]] for'.split(' '))

function roleOf({ text, pattern }: ScannedShellWord, state: State): Role {
  switch (state) {
    case 'start':
      return atStart(text)
    case 'timed':
      return afterTime(pattern)
    case 'prefix':
      if (
        text === 'time' ||
        opening.has(text) ||
        closingWords.has(text) ||
        unsupported.has(text) ||
        text === '[['
      )
        return { role: 'word', next: 'words', why: `${text} after an assignment or a redirection` }
      return nameOrAssignment(text)
    case 'words':
    case 'list':
      // In zsh a single brace ends a group at any position.
      return { role: 'word', next: state, ...(/^[{}]$/.test(text) && { why: 'a brace that is not quoted' }) }
    case 'closed':
      return afterCommand(text)
    case 'for':
      return { role: 'word', next: 'in' }
    case 'in':
      return { role: 'keyword', next: 'list', ...(text !== 'in' && { why: 'a loop without in' }) }
    case 'test':
      return text === ']]' ? { role: 'keyword', next: 'closed' } : { role: 'test', next: 'test' }
  }
}

function atStart(text: string): Role {
  if (text === 'time') return { role: 'keyword', next: 'timed' }
  if (opening.has(text)) return { role: 'keyword', next: 'start' }
  if (closingWords.has(text)) return { role: 'keyword', next: 'closed' }
  if (text === 'for') return { role: 'keyword', next: 'for' }
  if (text === '[[') return { role: 'keyword', next: 'test' }
  if (unsupported.has(text)) return { role: 'word', next: 'words', why: `${text} is not followed` }
  return nameOrAssignment(text)
}

/** Reads the word after `time`. In dash `time` is a program, which runs this word as one, even a builtin, `!` or an assignment. */
function afterTime(name: string | undefined): Role {
  const isProgram =
    name !== undefined && !name.startsWith('-') && !isPureBuiltin(name) && atStart(name).role === 'name'
  return { role: 'name', next: 'words', ...(!isProgram && { why: 'time without a program' }) }
}

function afterCommand(text: string): Role {
  if (/^(then|do|else|elif)$/.test(text)) return { role: 'keyword', next: 'start' }
  const why = closingWords.has(text) ? {} : { why: 'a word after a command that has ended' }
  return { role: 'keyword', next: 'closed', ...why }
}

function nameOrAssignment(text: string): Role {
  if (!/^[A-Za-z_]\w*\+?=/.test(text)) return { role: 'name', next: 'words' }
  // zsh replaces `=ls` in `a==ls` by the path of a program.
  const why = /^\w+\+?=(.*:)?=/.test(text) ? { why: 'an assignment that begins with =' } : {}
  return { role: 'word', next: 'prefix', ...why }
}
