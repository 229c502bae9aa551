import { userFolder } from '@subagent-mcp/definitions'
import { defaultTable, mergeTables, readTable, type RoutingTable } from '@subagent-mcp/routing'
import { join } from 'node:path'
import { readJsoncFile } from './jsonc-file.js'

/**
 * The default table under the user's, under the project's; read afresh each time, as the files are small.
 * @throws SubagentError that names the file and the place in it
 */
export function readRouting(project: string, environment: NodeJS.ProcessEnv): RoutingTable {
  const folders = [userFolder(environment), join(project, '.subagent-mcp')]
  const overrides = folders.flatMap((folder) => {
    const path = join(folder, 'routing.jsonc')
    const file = readJsoncFile(path)
    return file ? [readTable(file.value, (place) => `${path}:${file.lineOf(place)}`)] : []
  })
  return mergeTables(defaultTable(), ...overrides)
}
