import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listTools } from './list-tools.js'
import { routingMatrix } from './routing-matrix.js'
import { toolsPage } from './tools-page.js'

/** A page of `docs/` as it should be. */
export type Page = { path: string; text: string }

/** The pages that are written from what the code says, wholly or in a part of theirs. */
export async function generatedDocs(root: string): Promise<Page[]> {
  const home = mkdtempSync(join(tmpdir(), 'generated-docs-'))
  try {
    const words = await listTools(join(root, 'apps/cli/bin/subagent-mcp.js'), home)
    return [{ path: 'docs/tools.md', text: toolsPage(words) }, usagePage(root)]
  } finally {
    rmSync(home, { recursive: true })
  }
}

function usagePage(root: string): Page {
  const path = 'docs/usage.md'
  const table: unknown = JSON.parse(
    readFileSync(join(root, 'packages/routing/src/default-table.json'), 'utf8'),
  )
  return { path, text: withPart(path, readFileSync(join(root, path), 'utf8'), routingMatrix(table)) }
}

const [begin, end] = ['<!-- generated: routing -->', '<!-- end of generated -->']

/** What stands around the part is written by people. */
function withPart(path: string, text: string, part: string): string {
  const [head, , tail] = text.split(new RegExp(`(?<=${begin}\n)([^]*)(?=${end})`))
  if (head === undefined || tail === undefined) throw new Error(`${path} has no ${begin} with its ${end}`)
  return `${head}${part}\n${tail}`
}
