import { fileChange, plainJson } from './file-change.js'
import { join } from './folders.js'
import type { Host, HostMachine } from './host.js'
import { serverEntry, serverName } from './server-entry.js'

/** Windsurf. It has servers of the user only. */
export const windsurf: Host = {
  id: 'windsurf',
  label: 'Windsurf',
  tested: false,
  scopes: ['user'],
  isPresent: (machine) => machine.exists(folder(machine)) || machine.executable('windsurf') !== undefined,
  changes: (machine, wiring) =>
    wiring.scope === 'project'
      ? []
      : [
          fileChange({
            host: 'windsurf',
            what: 'MCP server',
            path: join(machine, folder(machine), 'mcp_config.json'),
            format: plainJson,
            edits: [{ type: 'set', path: ['mcpServers', serverName], value: serverEntry(wiring) }],
          }),
        ],
  restart: 'restart Windsurf, or refresh the list of servers in Cascade',
}

function folder(machine: HostMachine): string {
  return join(machine, machine.home, '.codeium', 'windsurf')
}
