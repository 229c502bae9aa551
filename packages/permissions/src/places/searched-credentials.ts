import { matchesGlob } from './glob.js'
import { foldPathCase, type ToolCallContext } from './tool-call-context.js'
import {
  isCredentialFile,
  mayEndCredentialName,
  findCredentialForPattern,
  normalizeFilePattern,
} from './credentials.js'
import { expandBraces } from './file-name-patterns.js'

/** A search tool's call through a folder. When it `shows` the content of files, the existing files count too. */
type Search = { folder: string; globs: string; shows: boolean }

/**
 * The credentials that the patterns of a search match, with the syntax of ripgrep and Claude's tools. Undefined when there
 * are too many patterns.
 */
export function findSearchedCredentials(
  { folder, globs, shows }: Search,
  place: ToolCallContext,
): readonly string[] | undefined {
  if (globs.length > longestSearch) return undefined
  const found: string[] = []
  for (const glob of apart(globs)) {
    // A pattern that excludes files adds none to the search.
    if (glob.startsWith('!')) continue
    const patterns = expandBraces(glob)
    if (patterns === undefined) return undefined
    const named = patterns.flatMap((pattern) => namedBy(pattern, folder, place) ?? [])
    const open = patterns.map(normalizeFilePattern).filter((pattern) => mayEndCredentialName(endOf(pattern)))
    found.push(
      ...named,
      ...(shows && named.length === 0 && open.length > 0 ? foundIn(folder, open, place) : []),
    )
  }
  return found
}

/** The most characters of the patterns in one search; people write shorter ones. */
const longestSearch = 1_000

/** Splits a text of several file patterns: Claude separates them by spaces or commas, and some tools have `@(a|b)`. */
function apart(globs: string): readonly string[] {
  return globs
    .replace(/[@+?*]\(([^()]*)\)/g, (_, options: string) => `{${options.replaceAll('|', ',')},}`)
    .split(/\s+/)
    .flatMap((part) => (part.includes('{') ? part : part.split(',')))
    .filter((part) => part !== '')
}

function namedBy(pattern: string, folder: string, place: ToolCallContext): string | undefined {
  const name = findCredentialForPattern(pattern)
  if (name !== undefined) return `${folder}/${name}`
  const tail = pattern.replace(/^.*[*?[\]][^/]*\//s, '')
  return !/[*?[\]]/.test(tail) && isCredentialFile(`${folder}/${tail}`, place)
    ? `${folder}/${tail}`
    : undefined
}

function endOf(pattern: string): string {
  return pattern.slice(Math.max(...['*', '?', '/'].map((open) => pattern.lastIndexOf(open))) + 1)
}

/** The most file names that are checked. A search of the whole folder is judged like one of these. */
const mostNames = 2_000

/** The credentials below a folder that match. Skips `.git` and `node_modules`, as searches do. */
function foundIn(folder: string, patterns: readonly string[], place: ToolCallContext): string[] {
  const found: string[] = []
  const ahead = ['']
  let looked = 0
  for (let inside = ahead.shift(); inside !== undefined && looked < mostNames; inside = ahead.shift()) {
    for (const name of place.names(`${folder}${inside}`)) {
      looked += 1
      const path = `${inside}/${name}`
      if (
        isCredentialFile(`${folder}${path}`, place) &&
        patterns.some((pattern) => fitsPath(pattern, path))
      ) {
        found.push(`${folder}${path}`)
      }
      if (!/^(\.git|node_modules)$/.test(name)) ahead.push(path)
    }
  }
  return found
}

/** Whether a path matches. A pattern without a slash matches names at any depth; one with a slash may start at any folder. */
function fitsPath(pattern: string, path: string): boolean {
  const text = foldPathCase(path).slice(1)
  if (!pattern.includes('/')) return matchesGlob(pattern, text.slice(text.lastIndexOf('/') + 1))
  const names = pattern.replace(/^(\.?\/)+/, '').split('/')
  return names.some((_, at) => matchesGlob(`**/${names.slice(at).join('/')}`, text))
}
