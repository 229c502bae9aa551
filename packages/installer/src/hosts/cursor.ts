import { fileChange, plainJson } from './file-change.js'
import { join } from './folders.js'
import type { Host, HostMachine } from './host.js'
import { serverEntry, serverName } from './server-entry.js'

/** Cursor. The editor and its terminal agent read the same files. */
export const cursor: Host = {
  id: 'cursor',
  label: 'Cursor',
  tested: false,
  scopes: ['user', 'project'],
  isPresent: (machine) => machine.exists(folder(machine)) || machine.executable('cursor') !== undefined,
  changes: (machine, wiring) => {
    const place = wiring.scope === 'project' ? join(machine, wiring.project, '.cursor') : folder(machine)
    return [
      fileChange({
        host: 'cursor',
        what: 'MCP server',
        path: join(machine, place, 'mcp.json'),
        format: plainJson,
        edits: [{ type: 'set', path: ['mcpServers', serverName], value: serverEntry(wiring) }],
      }),
    ]
  },
  restart: 'restart Cursor, then see that the server is on in its MCP settings',
}

function folder(machine: HostMachine): string {
  return join(machine, machine.home, '.cursor')
}
