import { fitsGlob } from './glob.js'
import { foldedPath, type CallPlace } from './place.js'
import { isCredential, mayEndCredential, namedCredential, openName } from './credentials.js'
import { withoutBraces } from './name-patterns.js'

/** A search through a folder; one that `shows` what is in its files is judged by the files that are there too. */
type Search = { folder: string; globs: string; shows: boolean }

/**
 * The credentials that a search takes by its patterns, as ripgrep and Claude's tools know them. `undefined` where the
 * patterns are too many to look at.
 */
export function searchedCredentials(
  { folder, globs, shows }: Search,
  place: CallPlace,
): readonly string[] | undefined {
  if (globs.length > longestSearch) return undefined
  const found: string[] = []
  for (const glob of apart(globs)) {
    // What is left out takes nothing in.
    if (glob.startsWith('!')) continue
    const patterns = withoutBraces(glob)
    if (patterns === undefined) return undefined
    const named = patterns.flatMap((pattern) => namedBy(pattern, folder, place) ?? [])
    const open = patterns.map(openName).filter((pattern) => mayEndCredential(endOf(pattern)))
    found.push(
      ...named,
      ...(shows && named.length === 0 && open.length > 0 ? foundIn(folder, open, place) : []),
    )
  }
  return found
}

/** In characters: no longer one is written by hand. */
const longestSearch = 1_000

/** Claude takes several patterns in one text, with spaces or commas between them; some tools know `@(a|b)` too. */
function apart(globs: string): readonly string[] {
  return globs
    .replace(/[@+?*]\(([^()]*)\)/g, (_, options: string) => `{${options.replaceAll('|', ',')},}`)
    .split(/\s+/)
    .flatMap((part) => (part.includes('{') ? part : part.split(',')))
    .filter((part) => part !== '')
}

function namedBy(pattern: string, folder: string, place: CallPlace): string | undefined {
  const name = namedCredential(pattern)
  if (name !== undefined) return `${folder}/${name}`
  const tail = pattern.replace(/^.*[*?[\]][^/]*\//s, '')
  return !/[*?[\]]/.test(tail) && isCredential(`${folder}/${tail}`, place) ? `${folder}/${tail}` : undefined
}

/** What a pattern has after all that is open in it. */
function endOf(pattern: string): string {
  return pattern.slice(Math.max(...['*', '?', '/'].map((open) => pattern.lastIndexOf(open))) + 1)
}

/** Where that many were looked at, the rest is not: a search of the whole folder is no more than that. */
const mostNames = 2_000

/** The credentials below a folder that fit. What git ignores as a folder is not looked through by the search either. */
function foundIn(folder: string, patterns: readonly string[], place: CallPlace): string[] {
  const found: string[] = []
  const ahead = ['']
  let looked = 0
  for (let inside = ahead.shift(); inside !== undefined && looked < mostNames; inside = ahead.shift()) {
    for (const name of place.names(`${folder}${inside}`)) {
      looked += 1
      const path = `${inside}/${name}`
      if (isCredential(`${folder}${path}`, place) && patterns.some((pattern) => fitsPath(pattern, path))) {
        found.push(`${folder}${path}`)
      }
      if (!/^(\.git|node_modules)$/.test(name)) ahead.push(path)
    }
  }
  return found
}

/** A pattern without a slash is one for a name, at any depth; one with a slash may begin at any folder above. */
function fitsPath(pattern: string, path: string): boolean {
  const text = foldedPath(path).slice(1)
  if (!pattern.includes('/')) return fitsGlob(pattern, text.slice(text.lastIndexOf('/') + 1))
  const names = pattern.replace(/^(\.?\/)+/, '').split('/')
  return names.some((_, at) => fitsGlob(`**/${names.slice(at).join('/')}`, text))
}
