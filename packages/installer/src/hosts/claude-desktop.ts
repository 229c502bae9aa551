import { fileChange, plainJson } from './file-change.js'
import { applicationFolder, join } from './folders.js'
import type { Host, HostMachine } from './host.js'
import { serverEntry, serverName } from './server-entry.js'

/** Claude Desktop. Its reader is strict and silent about a file that it cannot read; it has no projects. */
export const claudeDesktop: Host = {
  id: 'claude-desktop',
  label: 'Claude Desktop',
  tested: false,
  scopes: ['user'],
  isPresent: (machine) => machine.exists(folder(machine)),
  changes: (machine, wiring) =>
    wiring.scope === 'project'
      ? []
      : [
          fileChange({
            host: 'claude-desktop',
            what: 'MCP server',
            path: join(machine, folder(machine), 'claude_desktop_config.json'),
            format: plainJson,
            edits: [{ type: 'set', path: ['mcpServers', serverName], value: serverEntry(wiring) }],
          }),
        ],
  restart: 'quit Claude Desktop (closing its window is not enough) and start it',
}

function folder(machine: HostMachine): string {
  return join(machine, applicationFolder(machine), 'Claude')
}
