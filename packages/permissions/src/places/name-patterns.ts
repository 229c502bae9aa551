/**
 * Patterns in which the tables of this folder name files: `*` and `?` stay within one name, `[!.]` is any character but
 * a dot, `{a,b}` is one of both. What ends with a slash is a folder and all that is below it. The patterns are ours: a
 * pattern from outside goes through `fitsGlob`, which takes no longer than its length allows.
 */
export type NamePattern = string

/**
 * One expression for all patterns, for a path in small letters. It finds a file or a folder at any depth; patterns that
 * begin with a slash count from the root only.
 */
export function pathExpression(patterns: readonly NamePattern[]): RegExp {
  const sources = patterns.map((pattern) => {
    const small = pattern.toLowerCase()
    const isFolder = small.endsWith('/')
    const body = nameSource(isFolder ? small.slice(0, -1) : small)
    const begin = small.startsWith('/') ? '^' : '(?:^|/)'
    return `${begin}${body}${isFolder ? '(?:/|$)' : '$'}`
  })
  return new RegExp(sources.join('|'), 's')
}

/** The source of an expression for a whole name. */
function nameSource(pattern: NamePattern): string {
  return pattern
    .replace(/[.+^$()|\\]/g, String.raw`\$&`)
    .replaceAll('[!', '[^')
    .replaceAll('?', '[^/]')
    .replaceAll('*', '[^/]*')
    .replace(/\{([^{}]*)\}/g, (_, options: string) => `(?:${options.replaceAll(',', '|')})`)
}

/** Names that a pattern stands for, one for each of its alternatives: what a search for it would have to fit. */
export function exampleNames(pattern: NamePattern): string[] {
  const [, before, options, after] = /^([^{]*)\{([^{}]*)\}(.*)$/s.exec(pattern) ?? []
  if (before !== undefined && options !== undefined && after !== undefined) {
    return options.split(',').flatMap((option) => exampleNames(`${before}${option}${after}`))
  }
  const name = pattern
    .toLowerCase()
    .replace(/^(\[![^\]]*\])?\*/, unlikely)
    .replace(/\[!?([^\]])[^\]]*\]/g, '$1')
    .replace(/[*?]/g, '')
  return [name]
}

/** No word begins so: a search for `a*.b` is none for `*.kdb`. */
const unlikely = 'zq'

/** The patterns that one with braces stands for; `undefined` where they are too much to look at. */
export function withoutBraces(pattern: string): readonly string[] | undefined {
  const done: string[] = []
  const ahead = [pattern]
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const inner = innerBraces(next)
    if (inner === undefined) done.push(next)
    else ahead.push(...inner.options.map((option) => `${inner.before}${option}${inner.after}`))
    if ([...done, ...ahead].join('').length > longest) return undefined
  }
  return done
}

/** In characters, of all that a pattern stands for. */
const longest = 1_000

/** The first braces with none inside them. */
function innerBraces(
  text: string,
): { before: string; options: readonly string[]; after: string } | undefined {
  for (let close = text.indexOf('}'); close >= 0; close = text.indexOf('}', close + 1)) {
    const open = text.lastIndexOf('{', close)
    if (open < 0) continue
    const options = text.slice(open + 1, close).split(',')
    return { before: text.slice(0, open), options, after: text.slice(close + 1) }
  }
  return undefined
}
