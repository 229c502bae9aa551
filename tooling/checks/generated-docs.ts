import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandsPage } from './commands-page.js'
import { configTable } from './config-table.js'
import { endpointsTable } from './endpoints-table.js'
import { noticeWaysTable } from './notice-ways-table.js'
import { listTools } from './list-tools.js'
import { credentialTable, steeringFilesTable } from './permission-tables.js'
import { formatInstallLinks, createPluginFiles } from './plugin-files.js'
import { repositoryTable } from './repository-table.js'
import { routingMatrix } from './routing-matrix.js'
import { toolsPage } from './tools-page.js'

/** A generated file of the repository, from its root, with the text that it must have. */
export type GeneratedPage = { path: string; text: string }

/** Generates the pages of `docs/` that come from the code, wholly or in a section, and the files of plugins. */
export async function generatedDocs(root: string): Promise<GeneratedPage[]> {
  return [
    { path: 'docs/tools.md', text: toolsPage(await listTools(root)) },
    securityPage(root),
    page(root, 'docs/usage.md', 'routing', routingMatrix(readJson(root, routingTable))),
    page(root, 'docs/permissions.md', 'repository', await repositoryTable(root)),
    page(root, 'docs/hosts.md', 'ways to learn', await noticeWaysTable(root)),
    page(root, 'docs/registration.md', 'install links', await formatInstallLinks(root)),
    page(root, 'docs/configuration.md', 'configuration', configTable(readJson(root, configSchema))),
    page(root, 'docs/http.md', 'endpoints', await endpointsTable(root)),
    ...(await createPluginFiles(root)),
    { path: 'docs/commands.md', text: commandsPage(readJson(root, 'apps/cli/dist/help.json')) },
  ]
}

const routingTable = 'packages/routing/src/default-table.json'
const configSchema = 'apps/cli/dist/config.schema.json'

/** A page of which people write all but one section. */
function page(root: string, path: string, name: string, section: string): GeneratedPage {
  return { path, text: withSection({ path, text: readFileSync(join(root, path), 'utf8') }, name, section) }
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
