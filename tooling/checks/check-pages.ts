import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { CheckResult } from './check.js'
import { readDocsIndex } from './docs-index.js'
import { anchorsOf, blockLanguages, linksOf } from './markdown.js'
import { readWorkspace } from './workspace.js'

/**
 * Checks that every link of the Markdown pages leads to a file of the checkout, and to a heading of it where it has an anchor; that
 * `docs/README.md` lists every page of `docs/`; that the files which `AGENTS.md` names exist; and that a test sees each block of code.
 * Addresses of other sites are checked for their form only.
 */
export function checkPages(root: string): CheckResult {
  const pages = new Map(pagePaths(root).map((path) => [path, readFileSync(join(root, path), 'utf8')]))
  const links = [...pages].flatMap(([page, text]) => linksOf(text).map((target) => ({ page, target })))
  const anchors = new Map([...pages].map(([path, text]) => [path, anchorsOf(text)]))
  const broken = links.flatMap(({ page, target }) => {
    const problem = linkProblem(root, { page, target, anchors })
    return problem === undefined ? [] : [`${page}: the link ${target} ${problem}`]
  })
  return {
    summary: `${links.length} links of ${pages.size} pages`,
    problems: [
      ...broken,
      ...unlisted(root, pages.keys()),
      ...unknownFiles(root, pages.get('AGENTS.md') ?? ''),
      ...[...pages].flatMap(blockProblems),
    ],
  }
}

/** The Markdown files of the root, of `docs/` and its folders, and the READMEs of all packages. Changelogs are generated. */
function pagePaths(root: string): string[] {
  const folders = [...new Set(readWorkspace(root).flatMap(({ folder }) => [folder, dirname(folder)]))]
  const docs = listFiles(root, 'docs', { recursive: true })
  const own = folders.flatMap((folder) => listFiles(root, folder).filter((path) => /README\.md$/.test(path)))
  return [...new Set([...listFiles(root, ''), ...docs, ...own])].filter((path) => path.endsWith('.md')).sort()
}

function listFiles(root: string, folder: string, options: { recursive?: boolean } = {}): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { ...options, encoding: 'utf8' }).map((name) =>
    join(folder, name).replaceAll('\\', '/'),
  )
}

type Link = { page: string; target: string; anchors: ReadonlyMap<string, ReadonlySet<string>> }

function linkProblem(root: string, { page, target, anchors }: Link): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return addressProblem(target)
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : join(dirname(page), decodeURI(path)).replaceAll('\\', '/')
  if (relative('.', file).startsWith('..')) return 'leads out of the repository'
  if (!existsSync(join(root, file))) return `leads to ${file}, which does not exist`
  if (anchor === undefined || !file.endsWith('.md') || statSync(join(root, file)).isDirectory())
    return undefined
  if (anchors.get(file)?.has(anchor)) return undefined
  return `leads to a heading that ${file} does not have`
}

/** The schemes of addresses that a page may link. `http` only leads to this machine. */
const schemes = ['https:', 'mailto:', 'cursor:', 'vscode:']

function addressProblem(address: string): string | undefined {
  if (!URL.canParse(address)) return 'is no address'
  const { protocol, hostname } = new URL(address)
  const isLoopback = protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname)
  return schemes.includes(protocol) || isLoopback ? undefined : `has the scheme ${protocol}, use https:`
}

function unlisted(root: string, pages: Iterable<string>): string[] {
  if (!existsSync(join(root, 'docs/README.md'))) return []
  const listed = readDocsIndex(root).flatMap((group) => group.pages.map(({ path }) => `docs/${path}`))
  return [...pages]
    .filter((path) => /^docs\/[^/]+\.md$/.test(path) && path !== 'docs/README.md' && !listed.includes(path))
    .map((path) => `${path} is not listed in docs/README.md: add a line with its title and what it is about`)
}

/** The files that a page names in code, by a path or by the end of one, and that do not exist. `*` and `<x>` stand for a part of a name. */
function unknownFiles(root: string, page: string): string[] {
  const folders = ['', ...readWorkspace(root).map(({ folder }) => folder)]
  const files = folders.flatMap((folder) => [
    ...listFiles(root, folder),
    ...listFiles(root, join(folder, 'src'), { recursive: true }),
  ])
  const names = [...page.matchAll(/`([\w*<][\w./*<>-]*\.(?:ts|json|mjs))`/g)].map(([, name = '']) => name)
  const pattern = (name: string): RegExp =>
    new RegExp(`(?:^|/)${name.replaceAll('.', '\\.').replaceAll(/\*|<\w+>/g, '[^/]*')}$`)
  return names
    .filter((name) => !files.some((file) => pattern(name).test(file)))
    .map((name) => `AGENTS.md: ${name} does not exist`)
}

/** The languages of blocks. Tests run `sh`, read `jsonc` as configuration, and compile and run `ts`. */
const languages = ['', 'sh', 'ts', 'js', 'json', 'jsonc', 'yaml', 'mermaid']

/** What no test would see: a language with another name, and TypeScript that `e2e/src/readme-examples.test.ts` does not compile. */
function blockProblems([page, text]: [string, string]): string[] {
  const used = blockLanguages(text)
  const examples = used.filter((language) => language === 'ts').length
  return [
    ...used
      .filter((language) => !languages.includes(language))
      .map(
        (language) =>
          `${page}: a block has the language ${language}, use one of ${languages.join(' ').trim()}`,
      ),
    ...(examples > (/^packages\/[^/]+\/README\.md$/.test(page) ? 1 : 0)
      ? [`${page}: no test compiles its block of ts; the README of a package may have one`]
      : []),
  ]
}
