import { posix } from 'node:path'
import { importCycles } from './import-cycles.js'
import { readSources, type RepositorySource } from './read-sources.js'

/** A measured number, and the counted items where a reader can remove single ones. */
export type Measurement = { value: number; counted: readonly string[] }

/** The measures of the sources, by their names in ratchets.json. */
const measures: Readonly<Record<string, (sources: readonly RepositorySource[]) => Measurement>> = {
  'import cycles': (sources) => list(importCycles(sources).map((group) => group.join(' ↔ '))),
  'folders of more than 25 files': (sources) => list(crowdedFolders(sources)),
  'files under 40 lines with one importer': (sources) => list(smallParts(sources)),
  'files in apps/cli': (sources) => ({ value: sources.filter(isInApp).length, counted: [] }),
  'lines in apps/cli': (sources) => countLines(sources.filter(isInApp)),
  'lines in packages and apps': (sources) => countLines(sources.filter(isShipped)),
}

/** Measures the sources of the checkout in `root`. */
export function measureSources(root: string): Readonly<Record<string, Measurement>> {
  const sources = readSources(root)
  return Object.fromEntries(Object.entries(measures).map(([name, measure]) => [name, measure(sources)]))
}

/** Folders with more than 25 source files. Files in sub-folders and tests do not count. */
function crowdedFolders(sources: readonly RepositorySource[]): string[] {
  const sizes = new Map<string, number>()
  for (const { path, isTest } of sources) {
    const folder = posix.dirname(path)
    if (!isTest) sizes.set(folder, (sizes.get(folder) ?? 0) + 1)
  }
  return [...sizes].filter(([, size]) => size > 25).map(([folder, size]) => `${folder}: ${size} files`)
}

/**
 * Short files that belong in the one file that imports them. Not counted are an index and the files that it exports,
 * because other packages use them, and a file that is loaded with `import()`, which must stay separate.
 */
function smallParts(sources: readonly RepositorySource[]): string[] {
  const importers = new Map<string, string[]>()
  for (const { path, imports } of sources.filter(({ isTest }) => !isTest))
    for (const imported of imports) importers.set(imported, [...(importers.get(imported) ?? []), path])
  const loaded = new Set(sources.flatMap(({ loads }) => loads))
  return sources
    .filter(
      (source) => isShipped(source) && source.lines < 40 && !isIndex(source.path) && !loaded.has(source.path),
    )
    .flatMap(({ path, lines }) => {
      const [importer = '', ...others] = importers.get(path) ?? []
      const isPart = importer !== '' && others.length === 0 && !isIndex(importer)
      return isPart ? [`${path}: ${lines} lines, for ${importer}`] : []
    })
}

function isIndex(path: string): boolean {
  return posix.basename(path) === 'index.ts'
}

function isShipped({ path, isTest }: RepositorySource): boolean {
  return !isTest && !path.startsWith('packages/testkit/')
}

function isInApp(source: RepositorySource): boolean {
  return isShipped(source) && source.path.startsWith('apps/cli/')
}

function countLines(sources: readonly RepositorySource[]): Measurement {
  return { value: sources.reduce((sum, { lines }) => sum + lines, 0), counted: [] }
}

function list(counted: readonly string[]): Measurement {
  return { value: counted.length, counted }
}
