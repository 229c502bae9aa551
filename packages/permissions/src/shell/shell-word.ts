import type { Word as SyntaxWord, WordPart } from 'unbash'

/**
 * A word of a command. `plain` is literal text; `tilde` begins with a home folder; `glob` expands to matching files;
 * `parted` does too, and is then split at spaces; `number` is a number with unknown digits; `shown` is text that commands
 * of the line print or read; `choice` is one or all of several texts; `found` is any file below a searched folder, `linked`
 * also the target of a link in it; `unknown` can be anything. A `single` word stays one word.
 */
export type ShellWord = {
  text: string
  kind: 'plain' | 'tilde' | 'glob' | 'parted' | 'number' | 'shown' | 'choice' | 'found' | 'linked' | 'unknown'
  single?: true
  choices?: readonly string[]
  /** Patterns of the files that a search selects or excludes. Default: all files. */
  chosen?: { taken: readonly string[]; leftOut: readonly string[] }
}

/** The known values of shell variables in a line, such as that of a loop. */
export type ShellVariables = ReadonlyMap<string, ShellWord>

/** Reads a word of a parsed line. */
export function parseShellWord(
  { text, value, parts = [] }: SyntaxWord,
  variables: ShellVariables = new Map(),
): ShellWord {
  const single = parts.every(isOneWord) ? ({ single: true } as const) : {}
  const unknown: ShellWord = { text: value, kind: 'unknown', ...single }
  if (/[=:]~/.test(text)) return unknown
  if (parts.some(({ type }) => type === 'BraceExpansion')) return braced(text) ?? unknown
  if (parts.length === 0) return text.startsWith('~') ? homeOr(unknown) : { text: value, kind: 'plain' }
  const whole = join(parts.map((part) => readPart(part, variables, { quoted: false })))
  if (whole === undefined) return unknown
  const startsAtHome = text.startsWith('~') || whole.kind === 'tilde'
  if (!startsAtHome) return whole.kind === 'plain' ? whole : { ...whole, ...single }
  return /plain|tilde/.test(whole.kind) ? homeOr({ ...unknown, text: whole.text }) : unknown
}

function braced(text: string): ShellWord | undefined {
  const choices = choicesOf(text)
  if (choices === undefined) return isRow(text) ? { text, kind: 'shown' } : undefined
  return { text, kind: 'choice', choices }
}

/** Whether a part of a shell word stays in one word for all values; `"$@"` does not. */
function isOneWord(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted') return !part.parts.some(({ text }) => /^\$\{?[@*]/.test(text))
  return /^(Literal|SingleQuoted|AnsiCQuoted)$/.test(part.type) || part.text === '$?' || part.text === '$#'
}

/** Marks a word below the user's home, such as `~/a`, as `tilde`. `~root` is the home of another user, and stays as it is. */
function homeOr(word: ShellWord): ShellWord {
  return /^~(\/|$)/.test(word.text) ? { text: word.text, kind: 'tilde' } : word
}

function readPart(
  part: WordPart,
  variables: ShellVariables,
  { quoted }: { quoted: boolean },
): ShellWord | undefined {
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
      if (part.prefix === undefined && part.index === undefined && part.operation === undefined)
        return valueOf(part.parameter, variables, quoted)
      return isShown(part.parameter, variables) ? { text: part.text, kind: 'shown' } : undefined
    }
    case 'ArithmeticExpansion':
      return /^\$\(\([\d\s+*/%()-]*\)\)$/.test(part.text) ? { text: '0', kind: 'number' } : undefined
    case 'CommandExpansion':
      return { text: part.text, kind: 'shown' }
    default:
      return undefined
  }
}

function valueOf(name: string, variables: ShellVariables, quoted: boolean): ShellWord | undefined {
  if (/^[?#$]$/.test(name)) return { text: '0', kind: 'number' }
  if (name === 'HOME') return { text: '~', kind: 'tilde' }
  const value =
    variables.get(name) ?? (isOrdinary.test(name) ? { text: name, kind: 'shown' as const } : undefined)
  if (value === undefined || quoted || value.kind === 'shown') return value
  if (value.kind === 'glob') return { ...value, kind: 'parted' }
  // Without quotes the value is split at spaces, and may contain a pattern.
  return /^[\w./@%+:,~-]*$/.test(value.text) ? value : undefined
}

function isShown(name: string, variables: ShellVariables): boolean {
  return variables.has(name) || name === 'HOME' || isOrdinary.test(name)
}

/** Matches environment variables that contain no secrets. */
const isOrdinary =
  /^(PWD|OLDPWD|USER|LOGNAME|SHELL|PATH|LANG|LC_ALL|TERM|HOSTNAME|RANDOM|SECONDS|OSTYPE|UID|EUID|PPID|CI|LINES|COLUMNS|TZ|EDITOR|NODE_ENV|SHLVL)$/

/** Joins parts into one word; undefined when a part is unknown or changes its meaning at that position. */
function join(parts: readonly (ShellWord | undefined)[]): ShellWord | undefined {
  let whole: ShellWord = { text: '', kind: 'plain' }
  for (const part of parts) {
    if (part === undefined) return undefined
    const isHomeInside = part.kind === 'tilde' && whole.text !== ''
    const kind = isHomeInside
      ? mixed(whole, { ...part, kind: 'shown' })
      : part.kind === 'plain'
        ? whole.kind
        : whole.kind === 'plain'
          ? part.kind
          : mixed(whole, part)
    if (kind === undefined) return undefined
    whole = { text: whole.text + part.text, kind }
  }
  return whole
}

function mixed(one: ShellWord, other: ShellWord): ShellWord['kind'] | undefined {
  if (one.kind === other.kind) return one.kind
  const kinds = `${one.kind} ${other.kind}`
  if (/^(number|plain|shown) (shown|number)$/.test(kinds)) return 'shown'
  return /^(glob parted|parted glob)$/.test(kinds) ? 'parted' : undefined
}

export function isSearchedFolderWord({ kind }: ShellWord): boolean {
  return kind === 'found' || kind === 'linked'
}

/**
 * The texts of a word with braces: `src/a.ts` and `src/b.ts` for `src/{a,b}.ts`, and the word itself, because dash does not
 * expand braces. Undefined for more than one pair of braces and plain text.
 */
function choicesOf(text: string): readonly string[] | undefined {
  const [, before, inside, after] =
    /^([\w./@%+:-]*)\{([\w./@%+:*-]*(?:,[\w./@%+:*-]*)+)\}([\w./@%+:*-]*)$/.exec(text) ?? []
  if (before === undefined || inside === undefined || after === undefined) return undefined
  // `{1..3}` inside would be more words.
  if (inside.includes('..')) return undefined
  return [text, ...inside.split(',').map((choice) => `${before}${choice}${after}`)]
}

/** Whether a word is a range of numbers such as `{1..5}`. */
function isRow(text: string): boolean {
  return /^\{\d{1,4}\.\.\d{1,4}\}$/.test(text)
}
