import type { Word as SyntaxWord, WordPart } from 'unbash'

/**
 * A word as the program gets it. `tilde` begins with a home folder, `glob` becomes the files that match, `parted` the
 * same and is then taken apart at their spaces, `number` is known but for its digits, `found` any file below a folder
 * that was searched, `linked` also one that a link in it leads to. What an `unknown` one becomes is not known before it runs, nor how many words.
 */
export type Word = {
  text: string
  kind: 'plain' | 'tilde' | 'glob' | 'parted' | 'number' | 'found' | 'linked' | 'unknown'
}

/** What variables of a line are known to be, as that of a loop. */
export type Variables = ReadonlyMap<string, Word>

/** A word of a parsed line. */
export function readWord({ text, value, parts = [] }: SyntaxWord, variables: Variables = new Map()): Word {
  const unknown: Word = { text: value, kind: 'unknown' }
  if (/[=:]~/.test(text)) return unknown
  if (parts.length === 0) return text.startsWith('~') ? homeOr(unknown) : { text: value, kind: 'plain' }
  const whole = join(parts.map((part) => readPart(part, variables, { quoted: false })))
  if (whole === undefined) return unknown
  const startsAtHome = text.startsWith('~') || whole.kind === 'tilde'
  if (!startsAtHome) return whole
  return /plain|tilde/.test(whole.kind) ? homeOr({ text: whole.text, kind: 'unknown' }) : unknown
}

/** `~` and what is below it; `~root` is another's. */
function homeOr({ text, kind }: Word): Word {
  return { text, kind: /^~(\/|$)/.test(text) ? 'tilde' : kind }
}

function readPart(part: WordPart, variables: Variables, { quoted }: { quoted: boolean }): Word | undefined {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return { text: part.value, kind: 'plain' }
    case 'Glob':
      return { text: part.value, kind: 'glob' }
    case 'DoubleQuoted':
      return join(part.parts.map((inner) => readPart(inner, variables, { quoted: true })))
    case 'SimpleExpansion':
      return valueOf(part.text.slice(1), variables, quoted)
    case 'ParameterExpansion': {
      const isPlain = part.prefix === undefined && part.index === undefined && part.operation === undefined
      return isPlain ? valueOf(part.parameter, variables, quoted) : undefined
    }
    default:
      return undefined
  }
}

function valueOf(name: string, variables: Variables, quoted: boolean): Word | undefined {
  if (/^[?#$]$/.test(name)) return { text: '0', kind: 'number' }
  if (name === 'HOME') return { text: '~', kind: 'tilde' }
  const value = variables.get(name)
  if (value === undefined || quoted) return value
  if (value.kind === 'glob') return { ...value, kind: 'parted' }
  // Without quotes it is taken apart at spaces, and what is in it may be a pattern.
  return /^[\w./@%+:,~-]*$/.test(value.text) ? value : undefined
}

/** One word of its parts; `undefined` where one of them is not known, or is not what it says in that place. */
function join(parts: readonly (Word | undefined)[]): Word | undefined {
  let whole: Word = { text: '', kind: 'plain' }
  for (const part of parts) {
    if (part === undefined || (part.kind === 'tilde' && whole.text !== '')) return undefined
    const kind = part.kind === 'plain' ? whole.kind : whole.kind === 'plain' ? part.kind : mixed(whole, part)
    if (kind === undefined) return undefined
    whole = { text: whole.text + part.text, kind }
  }
  return whole
}

function mixed(one: Word, other: Word): Word['kind'] | undefined {
  if (one.kind === other.kind) return one.kind
  const kinds = `${one.kind} ${other.kind}`
  return /^(glob parted|parted glob)$/.test(kinds) ? 'parted' : undefined
}

/** Whether a word stands for the files of a folder that was searched. */
export function isOfSearch({ kind }: Word): boolean {
  return kind === 'found' || kind === 'linked'
}
