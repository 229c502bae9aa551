import { fileChange, relaxedJson } from './file-change.js'
import { configFolder, join } from './folders.js'
import type { CallLimit, Host, HostMachine, Wiring } from './host.js'
import { longCalls, serverEntry, serverName } from './server-entry.js'

const callLimit: CallLimit = { key: 'timeout', perSecond: 1000 }

/** opencode. It reads below `.config` on all systems, and gives servers its whole environment. */
export const opencode: Host = {
  id: 'opencode',
  label: 'opencode',
  tested: true,
  scopes: ['user', 'project'],
  isPresent: (machine) => machine.exists(folder(machine)) || machine.executable('opencode') !== undefined,
  changes: (machine, wiring) => {
    const place = wiring.scope === 'project' ? wiring.project : folder(machine)
    return [
      fileChange({
        host: 'opencode',
        what: 'MCP server, calls of an hour',
        path: configFile(machine, place),
        format: relaxedJson,
        edits: [{ type: 'set', path: ['mcp', serverName], value: entry(wiring) }],
      }),
    ]
  },
  callLimit,
  restart: 'start a new session',
}

function entry(wiring: Wiring) {
  const { command, args } = serverEntry(wiring)
  return { type: 'local', command: [command, ...args], enabled: true, ...longCalls(callLimit) }
}

/** opencode reads both names; the one that the user has is kept. */
function configFile(machine: HostMachine, place: string): string {
  const withComments = join(machine, place, 'opencode.jsonc')
  return machine.exists(withComments) ? withComments : join(machine, place, 'opencode.json')
}

function folder(machine: HostMachine): string {
  return join(machine, configFolder(machine), 'opencode')
}
