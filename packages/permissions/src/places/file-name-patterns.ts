/**
 * A pattern of the tables in this folder. `*` and `?` match within one name, `[!.]` any character but a dot, `{a,b}` one of
 * both. A pattern with a slash at its end matches a folder and everything below it. Patterns from outside are matched by
 * `matchesGlob` instead, whose time is bounded.
 */
export type FileNamePattern = string

/**
 * One regular expression for all patterns, for a path in lower case. It matches at any depth; a pattern that begins with a
 * slash matches from the root only.
 */
export function createPathRegExp(patterns: readonly FileNamePattern[]): RegExp {
  const sources = patterns.map((pattern) => {
    const small = pattern.toLowerCase()
    const isFolder = small.endsWith('/')
    const body = nameSource(isFolder ? small.slice(0, -1) : small)
    const begin = small.startsWith('/') ? '^' : '(?:^|/)'
    return `${begin}${body}${isFolder ? '(?:/|$)' : '$'}`
  })
  return new RegExp(sources.join('|'), 's')
}

function nameSource(pattern: FileNamePattern): string {
  return pattern
    .replace(/[.+^$()|\\]/g, String.raw`\$&`)
    .replaceAll('[!', '[^')
    .replaceAll('?', '[^/]')
    .replaceAll('*', '[^/]*')
    .replace(/\{([^{}]*)\}/g, (_, options: string) => `(?:${options.replaceAll(',', '|')})`)
}

/** Example names for a pattern, one for each alternative. A search for such files would match them. */
export function createExampleFileNames(pattern: FileNamePattern): string[] {
  const [, before, options, after] = /^([^{]*)\{([^{}]*)\}(.*)$/s.exec(pattern) ?? []
  if (before !== undefined && options !== undefined && after !== undefined) {
    return options.split(',').flatMap((option) => createExampleFileNames(`${before}${option}${after}`))
  }
  const name = pattern
    .toLowerCase()
    .replace(/^(\[![^\]]*\])?\*/, unlikely)
    .replace(/\[!?([^\]])[^\]]*\]/g, '$1')
    .replace(/[*?]/g, '')
  return [name]
}

/** Stands for `*` in example names. No word begins so, which keeps a search for `a*.b` from the example of `*.kdb`. */
const unlikely = 'zq'

/** Expands the braces of a pattern; undefined when there are too many patterns. */
export function expandBraces(pattern: string): readonly string[] | undefined {
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

const longest = 1_000

/** Finds the first braces of a pattern that contain no other braces. */
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
