import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandsPage } from './commands-page.js'
import { listTools } from './list-tools.js'
import { credentialTable, steeringTable } from './permission-tables.js'
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
      securityPage(root),
      await permissionsPage(root),
      { path: 'docs/commands.md', text: commandsPage(readJson(root, 'apps/cli/dist/help.json')) },
    ]
  } finally {
    rmSync(home, { recursive: true })
  }
}

function usagePage(root: string): Page {
  const path = 'docs/usage.md'
  const text = readFileSync(join(root, path), 'utf8')
  const table = readJson(root, 'packages/routing/src/default-table.json')
  return { path, text: withPart({ path, text }, 'routing', routingMatrix(table)) }
}

async function permissionsPage(root: string): Promise<Page> {
  const path = 'docs/permissions.md'
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text: withPart({ path, text }, 'repository', await repositoryTable(root)) }
}

function securityPage(root: string): Page {
  const path = 'docs/security.md'
  const places = 'packages/permissions/src/places'
  const steering = steeringTable(readJson(root, `${places}/steering-files.json`))
  const credentials = credentialTable(readJson(root, `${places}/credential-places.json`))
  const text = withPart({ path, text: readFileSync(join(root, path), 'utf8') }, 'steering files', steering)
  return { path, text: withPart({ path, text }, 'credential places', credentials) }
}

function readJson(root: string, path: string): unknown {
  const document: unknown = JSON.parse(readFileSync(join(root, path), 'utf8'))
  return document
}

const end = '<!-- end of generated -->'

/** The page with a part written anew. What stands around the part is written by people. */
function withPart({ path, text }: Page, name: string, part: string): string {
  const begin = `<!-- generated: ${name} -->\n`
  const from = text.indexOf(begin) + begin.length
  const to = text.indexOf(end, from)
  if (from < begin.length || to < 0) throw new Error(`${path} has no ${begin.trim()} with its ${end}`)
  return `${text.slice(0, from)}${part}\n${text.slice(to)}`
}
