import { fileChange, relaxedJson } from './file-change.js'
import { applicationFolder, join } from './folders.js'
import type { Host, HostMachine } from './host.js'
import { serverEntry, serverName } from './server-entry.js'

/** Visual Studio Code, with its default profile. */
export const vscode: Host = {
  id: 'vscode',
  label: 'VS Code',
  tested: false,
  scopes: ['user', 'project'],
  isPresent: (machine) => machine.exists(folder(machine)) || machine.executable('code') !== undefined,
  changes: (machine, wiring) => {
    const inProject = wiring.scope === 'project'
    const place = inProject
      ? join(machine, wiring.project, '.vscode')
      : join(machine, folder(machine), 'User')
    return [
      fileChange({
        host: 'vscode',
        what: 'MCP server',
        path: join(machine, place, 'mcp.json'),
        format: relaxedJson,
        edits: [
          { type: 'set', path: ['servers', serverName], value: { type: 'stdio', ...serverEntry(wiring) } },
        ],
      }),
    ]
  },
  restart: 'run "MCP: List Servers" in VS Code and start the server; it asks once whether to trust it',
}

function folder(machine: HostMachine): string {
  return join(machine, applicationFolder(machine), 'Code')
}
