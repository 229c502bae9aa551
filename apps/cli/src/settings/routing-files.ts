import { getUserConfigFolder } from '@subagent-mcp/definitions'
import {
  defaultRoutingTable,
  mergeRoutingTables,
  parseRoutingTable,
  type RoutingTable,
} from '@subagent-mcp/routing'
import { join } from 'node:path'
import { readJsoncFile } from './jsonc-file.js'

/**
 * Reads the routing table: the default one, overridden by the user's file and then by the project's.
 * @throws SubagentError that names the file and the place in it
 */
export function readRoutingFiles(project: string, environment: NodeJS.ProcessEnv): RoutingTable {
  const folders = [getUserConfigFolder(environment), join(project, '.subagent-mcp')]
  const overrides = folders.flatMap((folder) => {
    const path = join(folder, 'routing.jsonc')
    const file = readJsoncFile(path)
    return file ? [parseRoutingTable(file.value, (place) => `${path}:${file.lineOf(place)}`)] : []
  })
  return mergeRoutingTables(defaultRoutingTable(), ...overrides)
}
