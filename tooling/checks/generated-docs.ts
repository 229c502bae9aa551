import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandsPage } from './commands-page.js'
import { noticeWaysTable } from './notice-ways-table.js'
import { listTools } from './list-tools.js'
import { credentialTable, steeringFilesTable } from './permission-tables.js'
import { installLinks, pluginFiles } from './plugin-files.js'
import { repositoryTable } from './repository-table.js'
import { routingMatrix } from './routing-matrix.js'
import { toolsPage } from './tools-page.js'

/** A generated file of the repository, from its root, with the text that it must have. */
export type GeneratedPage = { path: string; text: string }

/** Generates the pages of `docs/` that come from the code, wholly or in a section, and the files of plugins. */
export async function generatedDocs(root: string): Promise<GeneratedPage[]> {
  return [
    { path: 'docs/tools.md', text: toolsPage(await listTools(root)) },
    usagePage(root),
    securityPage(root),
    await permissionsPage(root),
    await hostsPage(root),
    await registrationPage(root),
    ...(await pluginFiles(root)),
    { path: 'docs/commands.md', text: commandsPage(readJson(root, 'apps/cli/dist/help.json')) },
  ]
}

function usagePage(root: string): GeneratedPage {
  const path = 'docs/usage.md'
  const text = readFileSync(join(root, path), 'utf8')
  const table = readJson(root, 'packages/routing/src/default-table.json')
  return { path, text: withSection({ path, text }, 'routing', routingMatrix(table)) }
}

async function permissionsPage(root: string): Promise<GeneratedPage> {
  const path = 'docs/permissions.md'
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text: withSection({ path, text }, 'repository', await repositoryTable(root)) }
}

async function hostsPage(root: string): Promise<GeneratedPage> {
  const path = 'docs/hosts.md'
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text: withSection({ path, text }, 'ways to learn', await noticeWaysTable(root)) }
}

async function registrationPage(root: string): Promise<GeneratedPage> {
  const path = 'docs/registration.md'
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text: withSection({ path, text }, 'install links', await installLinks(root)) }
}

function securityPage(root: string): GeneratedPage {
  const path = 'docs/security.md'
  const places = 'packages/permissions/src/places'
  const steering = steeringFilesTable(readJson(root, `${places}/steering-files.json`))
  const credentials = credentialTable(readJson(root, `${places}/credential-places.json`))
  const text = withSection({ path, text: readFileSync(join(root, path), 'utf8') }, 'steering files', steering)
  return { path, text: withSection({ path, text }, 'credential places', credentials) }
}

function readJson(root: string, path: string): unknown {
  const document: unknown = JSON.parse(readFileSync(join(root, path), 'utf8'))
  return document
}

const end = '<!-- end of generated -->'

/** Returns the page with another generated section. The text around the section, which people write, stays. */
function withSection({ path, text }: GeneratedPage, name: string, section: string): string {
  const begin = `<!-- generated: ${name} -->\n`
  const from = text.indexOf(begin) + begin.length
  const to = text.indexOf(end, from)
  if (from < begin.length || to < 0)
    throw new Error(`${path} has no ${begin.trim()} with its ${end}: add both lines`)
  return `${text.slice(0, from)}${section}\n${text.slice(to)}`
}
