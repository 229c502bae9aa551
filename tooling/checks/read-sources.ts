import { parseSync } from 'oxc-parser'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { readWorkspace } from './workspace.js'

/** A TypeScript file in the `src` of a package or an app. Paths are relative to the root, with forward slashes. */
export type RepositorySource = {
  path: string
  /** Whether the file is a test, or a support file of tests by its name. */
  isTest: boolean
  /** Number of lines, with blank lines and comments. */
  lines: number
  /** Paths of the sources that the file imports or re-exports, also as types. Another package counts as its `src/index.ts`. */
  imports: readonly string[]
  /** Paths of the sources that the file loads with `import()`. */
  loads: readonly string[]
}

const known = new Map<string, readonly RepositorySource[]>()

/** Returns every source of packages and apps. A process parses them once, because several checks need them. */
export function readSources(root: string): readonly RepositorySource[] {
  const sources = known.get(root) ?? parseSources(root)
  known.set(root, sources)
  return sources
}

function parseSources(root: string): RepositorySource[] {
  const packages = readWorkspace(root).filter(({ folder }) => /^(packages|apps)\//.test(folder))
  const entries = new Map(packages.map(({ folder, manifest }) => [manifest.name, `${folder}/src/index.ts`]))
  return packages.flatMap(({ folder }) =>
    sourcePaths(root, folder).map((path) =>
      parseSource(path, readFileSync(join(root, path), 'utf8'), entries),
    ),
  )
}

function sourcePaths(root: string, folder: string): string[] {
  const src = join(root, folder, 'src')
  if (!existsSync(src)) return []
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('__fixtures__'))
    .map((path) => posix.join(folder, 'src', path.replaceAll('\\', '/')))
    .sort()
}

function parseSource(path: string, text: string, entries: ReadonlyMap<string, string>): RepositorySource {
  const { staticImports, staticExports, dynamicImports } = parseSync(path, text).module
  const imported = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries: names }) => names.map((name) => name.moduleRequest?.value)),
  ]
  const loaded = dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1))
  const resolve = (name: string | undefined) => {
    if (!name?.startsWith('.')) return entries.get(name ?? '') ?? []
    return posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts')
  }
  return {
    path,
    isTest: /\.test\.(support\.)?ts$/.test(path),
    lines: text.trimEnd().split('\n').length,
    imports: [...new Set(imported.flatMap(resolve))],
    loads: [...new Set(loaded.flatMap(resolve))],
  }
}
