import { readDocsIndex } from '@subagent-mcp/checks/docs-index'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkout, generated } from './places.js'
import { sitePath } from './site-link.js'

/**
 * Writes `llms.txt`, the index of the docs for models (llmstxt.org), and `llms-full.txt`, all pages in one file. `address` is where the site
 * will be; a page is linked as Markdown.
 */
export function writeLlmsFiles(into: string, address: string): void {
  const groups = readDocsIndex(checkout).map(({ title, pages }) => ({
    title,
    pages: pages.map((page) => ({ ...page, file: markdownFile(sitePath(`docs/${page.path}`)) })),
  }))
  const index = groups.flatMap(({ title, pages }) => [
    `## ${title}`,
    pages.map((page) => `- [${page.title}](${new URL(page.file, address).href}): ${page.summary}`).join('\n'),
  ])
  writeFileSync(join(into, 'llms.txt'), `${['# subagent-mcp', introduction, ...index].join('\n\n')}\n`)
  const texts = groups.flatMap(({ pages }) =>
    pages.map(({ file }) => readFileSync(join(generated('pages'), file), 'utf8').trim()),
  )
  writeFileSync(join(into, 'llms-full.txt'), `${texts.join('\n\n')}\n`)
}

const introduction =
  '> subagent-mcp lets a coding host (Claude Code, Codex, Gemini CLI) delegate work to other agents, on the CLIs that its user is signed into. It is an MCP server, a command, a daemon with an HTTP API, and a set of npm packages.'

function markdownFile(path: string): string {
  return path === '' || path.endsWith('/') ? `${path}index.md` : `${path}.md`
}
