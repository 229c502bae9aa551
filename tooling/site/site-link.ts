import { existsSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { checkout, repository } from './places.js'

/** Pages that are not in `docs/`, by their path in the repository, with their path on the site. */
const furtherPages: Readonly<Record<string, string>> = {
  'docs/README.md': 'index.md',
  'README.md': 'index.md',
  'docs/decisions': 'decisions/index.md',
  'AGENTS.md#the-map': 'packages/index.md',
}

/** The path on the site of a page of the repository, without its extension; an address on GitHub for what is not on the site. */
export function sitePath(target: string): string {
  const path = posix.normalize(target).replace(/\/$/, '')
  const [file = '', anchor] = path.split('#')
  const page = furtherPages[path] ?? furtherPages[file] ?? docsPage(file) ?? packagePage(file)
  if (page === undefined) return githubAddress(file, anchor)
  const address = page.replace(/(index)?\.md$/, '')
  return anchor === undefined || path in furtherPages ? address : `${address}#${anchor}`
}

function docsPage(file: string): string | undefined {
  return file.startsWith('docs/') && file.endsWith('.md') ? file.slice('docs/'.length) : undefined
}

/** The page of a public package: its README, with all that it exports. */
function packagePage(file: string): string | undefined {
  const [, name] = /^packages\/([\w-]+)(?:\/README\.md)?$/.exec(file) ?? []
  return name === undefined || name === 'testkit' ? undefined : `packages/${name}.md`
}

function githubAddress(file: string, anchor: string | undefined): string {
  const path = join(checkout, file)
  const kind = existsSync(path) && statSync(path).isDirectory() ? 'tree' : 'blob'
  return `${repository}/${kind}/main/${file}${anchor === undefined ? '' : `#${anchor}`}`
}

/** Returns a page of the repository with links that work on the site. Pictures stay beside the pages. */
export function withSiteLinks(path: string, text: string): string {
  return text.replaceAll(
    /(`+)[^]*?\1|(?<=\]\()([^)\s]+)(?=\))/g,
    (all, _code, target: string | undefined) => {
      if (target === undefined || /^([a-z][a-z0-9+.-]*:|#)/i.test(target) || /\.(svg|png)$/.test(target))
        return all
      const address = sitePath(posix.join(posix.dirname(path), target))
      return address.startsWith('https:') ? address : `/${address}`
    },
  )
}
