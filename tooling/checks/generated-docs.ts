import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listTools } from './list-tools.js'
import { repositoryTable } from './repository-table.js'
import { routingMatrix } from './routing-matrix.js'
import { toolsPage } from './tools-page.js'

/** A page of `docs/` as it should be. */
export type Page = { path: string; text: string }

/** The pages that are written from what the code says, wholly or in a part of theirs. */
export async function generatedDocs(root: string): Promise<Page[]> {
  const home = mkdtempSync(join(tmpdir(), 'generated-docs-'))
  try {
    const words = await listTools(join(root, 'apps/cli/bin/subagent-mcp.js'), home)
    return [
      { path: 'docs/tools.md', text: toolsPage(words) },
      usagePage(root),
      withPart(root, { path: 'docs/permissions.md', name: 'repository', part: await repositoryTable(root) }),
    ]
  } finally {
    rmSync(home, { recursive: true })
  }
}

function usagePage(root: string): Page {
  const table: unknown = JSON.parse(
    readFileSync(join(root, 'packages/routing/src/default-table.json'), 'utf8'),
  )
  return withPart(root, { path: 'docs/usage.md', name: 'routing', part: routingMatrix(table) })
}

const end = '<!-- end of generated -->'

/** A page with a generated part between its two markers. What stands around the part is written by people. */
function withPart(root: string, { path, name, part }: { path: string; name: string; part: string }): Page {
  const begin = `<!-- generated: ${name} -->`
  const [head, , tail] = readFileSync(join(root, path), 'utf8').split(
    new RegExp(`(?<=${begin}\n)([^]*)(?=${end})`),
  )
  if (head === undefined || tail === undefined) throw new Error(`${path} has no ${begin} with its ${end}`)
  return { path, text: `${head}${part}\n${tail}` }
}
