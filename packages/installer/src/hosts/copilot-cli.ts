import { fileChange, plainJson } from './file-change.js'
import { join, movedBy } from './folders.js'
import type { CallLimit, Host, HostMachine } from './host.js'
import { longCalls, serverEntry, serverName } from './server-entry.js'

const callLimit: CallLimit = { key: 'timeout', perSecond: 1000 }

/** GitHub's Copilot CLI. In a project it has a place of its own, because Claude Code reads `.mcp.json` at the root, too. */
export const copilotCli: Host = {
  id: 'copilot',
  label: 'Copilot CLI',
  tested: true,
  scopes: ['user', 'project'],
  isPresent: (machine) => machine.exists(folder(machine)) || machine.executable('copilot') !== undefined,
  changes: (machine, wiring) => {
    const inProject = wiring.scope === 'project'
    const entry = { type: 'local', ...serverEntry(wiring), tools: ['*'], ...longCalls(callLimit) }
    return [
      fileChange({
        host: 'copilot',
        what: 'MCP server, calls of an hour',
        path: inProject
          ? join(machine, wiring.project, '.github', 'mcp.json')
          : join(machine, folder(machine), 'mcp-config.json'),
        format: plainJson,
        edits: [{ type: 'set', path: ['mcpServers', serverName], value: entry }],
      }),
    ]
  },
  callLimit,
  restart: 'start a new session',
}

function folder(machine: HostMachine): string {
  return movedBy(machine, 'COPILOT_HOME', join(machine, machine.home, '.copilot'))
}
