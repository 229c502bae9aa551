import { recordShellDisagreement, type ShellLineScanner } from './scanner.js'

/** A word as it is written. `pattern` is its text without quotes, if nothing in it expands but a pattern or a home folder. */
export type ScannedShellWord = {
  start: number
  end: number
  text: string
  expands: boolean
  pattern: string | undefined
}

type Found = { pattern: string | undefined; expands: boolean; depth: number }

/** Reads one shell word, up to a blank or an operator; undefined when shells may read it differently. */
export function scanShellWordAt(
  scanner: ShellLineScanner,
  closing: string | undefined,
): ScannedShellWord | undefined {
  const start = scanner.at
  const found: Found = { pattern: '', expands: false, depth: 0 }
  while (scanner.at < scanner.text.length && !endsHere(scanner, closing)) readPart(scanner, found)
  const text = scanner.text.slice(start, scanner.at)
  const why =
    text === '' ? 'a character that begins no word' : oddity(text, scanner.text[scanner.at] ?? '', found)
  if (why !== undefined) recordShellDisagreement(scanner, why)
  if (scanner.disagreement !== undefined) return undefined
  const { pattern, expands } = found
  const isBracket = text === '[' || text === ']'
  return { start, end: scanner.at, text, expands: !isBracket && (expands || text.startsWith('~')), pattern }
}

function endsHere({ text, at }: ShellLineScanner, closing: string | undefined): boolean {
  const character = text[at] ?? ''
  return /[\s;&|()<>]/.test(character) || (character === '`' && closing === '`')
}

/** Returns why a shell may read a parsed word as more than a word; undefined for other words. */
function oddity(text: string, next: string, { depth }: Found): string | undefined {
  if (next === '(') return 'a parenthesis in a word'
  if (/[<>]/.test(next) && /^(\d+|\{.*\})$/.test(text)) return 'a redirection of an unusual stream'
  // zsh replaces `=ls` by the path of a program.
  if (text.startsWith('=') && !/^==?$/.test(text)) return 'a word that begins with ='
  if (depth !== 0 && !/^[{}]$/.test(text)) return 'a brace that is not quoted'
  return undefined
}

function readPart(scanner: ShellLineScanner, found: Found): void {
  const character = scanner.text[scanner.at] ?? ''
  switch (character) {
    case "'":
      readSingle(scanner, found)
      break
    case '"':
      readDouble(scanner, found)
      break
    case '\\':
      readEscape(scanner, found)
      break
    case '$':
      readDollar(scanner, found, { quoted: false })
      break
    case '`':
      readBackticks(scanner, found)
      break
    default:
      if (/[*?[]/.test(character)) found.expands = true
      if (character === '{') found.depth += 1
      if (character === '}') found.depth -= 1
      take(scanner, found, character)
  }
}

function take(scanner: ShellLineScanner, found: Found, value: string, length = value.length): void {
  if (found.pattern !== undefined) found.pattern += value
  scanner.at += length
}

function readSingle(scanner: ShellLineScanner, found: Found): void {
  const end = scanner.text.indexOf("'", scanner.at + 1)
  if (end < 0) recordShellDisagreement(scanner, 'a quote without an end')
  else take(scanner, found, scanner.text.slice(scanner.at + 1, end), end + 1 - scanner.at)
}

function readEscape(scanner: ShellLineScanner, found: Found): void {
  const next = scanner.text[scanner.at + 1]
  if (next === undefined || next === '\n')
    recordShellDisagreement(scanner, 'a line that goes on in the middle of a word')
  else take(scanner, found, next, 2)
}

function readDouble(scanner: ShellLineScanner, found: Found): void {
  scanner.at += 1
  for (let next = scanner.text[scanner.at]; next !== '"'; next = scanner.text[scanner.at]) {
    if (next === undefined) {
      recordShellDisagreement(scanner, 'a quote without an end')
      return
    }
    if (next === '$') readDollar(scanner, found, { quoted: true })
    else if (next === '`') readBackticks(scanner, found)
    else if (next === '\\') readQuotedEscape(scanner, found)
    else take(scanner, found, next)
  }
  scanner.at += 1
}

function readQuotedEscape(scanner: ShellLineScanner, found: Found): void {
  const next = scanner.text[scanner.at + 1]
  if (next === '\n') recordShellDisagreement(scanner, 'a line that goes on in a quote')
  else if (next !== undefined && /[$`"\\]/.test(next)) take(scanner, found, next, 2)
  else take(scanner, found, '\\')
}

const variable = /\$(?:[A-Za-z_]\w*|[?#$!@*0-9-])/y
const braced = /\$\{(?:#?[A-Za-z_]\w*|[A-Za-z_]\w*(?::?[-+]|##?|%%?)[\w.*/ -]*)\}/y
const tabs = /\$'(?:\\[tn])+'/y
const arithmetic = /\$\(\(([\d\s+*/%()-]*)\)\)/y

function readDollar(scanner: ShellLineScanner, found: Found, { quoted }: { quoted: boolean }): void {
  const at = scanner.at
  const matched = (expression: RegExp) => {
    expression.lastIndex = at
    return expression.exec(scanner.text)?.[0]
  }
  const known = matched(variable) ?? matched(braced) ?? matchedSum(matched(arithmetic))
  const ansi = quoted ? undefined : matched(tabs)
  if (known !== undefined) readVariable(scanner, found, known)
  else if (ansi !== undefined) {
    const value = ansi.slice(2, -1).replaceAll('\\t', '\t').replaceAll('\\n', '\n')
    take(scanner, found, value, ansi.length)
  } else if (/^\$\((?!\()/.test(scanner.text.slice(at, at + 3))) {
    found.pattern = undefined
    scanner.at += 2
    scanner.readScript(scanner, ')')
    scanner.at += 1
  } else if ((quoted ? /^\$[\s"/|.,%)\\]/ : /^\$([\s;&|)]|$)/).test(scanner.text.slice(at, at + 2))) {
    take(scanner, found, '$')
  } else recordShellDisagreement(scanner, 'an expansion that is not the same in every shell')
}

/** An arithmetic expression of numbers and signs, if its parentheses are balanced. */
function matchedSum(text: string | undefined): string | undefined {
  let depth = 0
  for (const character of text?.slice(3, -2) ?? '') {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0
    if (depth < 0) return undefined
  }
  return depth === 0 ? text : undefined
}

/** Reads a variable. In zsh `$x[1]`, `$x:h` and `$#x` are more than a variable and text, and names may have letters of any language. */
function readVariable(scanner: ShellLineScanner, found: Found, text: string): void {
  const after = scanner.text.slice(scanner.at + text.length)
  const isMore = text.startsWith('${') ? after.startsWith('[') : /^(\[|:[A-Za-z&]|[^\0-\x7f])/.test(after)
  if (isMore || (/^\$[#!$*@-]$/.test(text) && /^[\w{$@*?!#-]/.test(after))) {
    recordShellDisagreement(scanner, 'a variable that is not the same in every shell')
  } else {
    found.pattern = undefined
    scanner.at += text.length
  }
}

function readBackticks(scanner: ShellLineScanner, found: Found): void {
  const end = scanner.text.indexOf('`', scanner.at + 1)
  const inside = scanner.text.slice(scanner.at + 1, end < 0 ? undefined : end)
  if (end < 0 || /[\\"'#\n]/.test(inside)) recordShellDisagreement(scanner, 'quotes in backticks')
  else {
    found.pattern = undefined
    scanner.at += 1
    scanner.readScript(scanner, '`')
    scanner.at += 1
  }
}
