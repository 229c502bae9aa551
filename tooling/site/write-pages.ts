import { headingsOf } from '@subagent-mcp/checks/markdown'
import { createOpenApiDocument } from '@subagent-mcp/api'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { changelogPage } from './changelog-page.js'
import { commandsPage } from './commands-page.js'
import { httpPage } from './http-page.js'
import { packagePages, packagesIndex } from './package-pages.js'
import { checkout, generated } from './places.js'
import { withSiteLinks } from './site-link.js'

/** Writes all pages of the site as Markdown: those of `docs/` with the links of the site, and those that are generated. */
export function writePages(): void {
  rmSync(generated('pages'), { recursive: true, force: true })
  const docs = readdirSync(join(checkout, 'docs'), { recursive: true, encoding: 'utf8' })
  for (const path of docs.filter((name) => name.endsWith('.md'))) {
    const text = readFileSync(join(checkout, 'docs', path), 'utf8')
    writePage(path.replace(/^README/, 'index'), withSiteLinks(`docs/${path}`, text))
  }
  cpSync(join(checkout, 'docs/media'), generated('pages/media'), { recursive: true })
  cpSync(join(checkout, 'apps/dashboard/public/icon.svg'), generated('pages/public/icon.svg'))
  writeGenerated()
}

function writeGenerated(): void {
  const packages = packagePages()
  for (const { folder, text } of packages)
    writePage(`${folder}.md`, withSiteLinks(`${folder}/README.md`, text))
  writePage(
    'commands.md',
    commandsPage(JSON.parse(readFileSync(join(checkout, 'apps/cli/dist/help.json'), 'utf8'))),
  )
  writePage('packages/index.md', packagesIndex(packages))
  writePage('decisions/index.md', decisionsIndex())
  writePage('changelog.md', changelogPage())
  writePage('http-api.md', httpPage(version()))
  writePage('public/openapi.json', JSON.stringify(createOpenApiDocument(version()), undefined, 2))
  writePage(
    'public/config.schema.json',
    readFileSync(join(checkout, 'apps/cli/dist/config.schema.json'), 'utf8'),
  )
}

function version(): string {
  const [, found = ''] =
    /"version": "([^"]+)/.exec(readFileSync(join(checkout, 'apps/cli/package.json'), 'utf8')) ?? []
  return found
}

/** The list of the decisions, the newest first. */
function decisionsIndex(): string {
  const names = readdirSync(join(checkout, 'docs/decisions')).filter((name) => name.endsWith('.md'))
  const lines = names
    .sort()
    .toReversed()
    .map((name) => {
      const [title] = headingsOf(readFileSync(join(checkout, 'docs/decisions', name), 'utf8'))
      return `- ${name.slice(0, 10)}: [${title?.text ?? name}](${name})`
    })
  return ['# Decisions', 'Why subagent-mcp is built as it is.', lines.join('\n'), ''].join('\n\n')
}

function writePage(path: string, text: string): void {
  const file = generated('pages', path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
