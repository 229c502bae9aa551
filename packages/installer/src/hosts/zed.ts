import { fileChange, relaxedJson } from './file-change.js'
import { applicationFolder, configFolder, join } from './folders.js'
import type { CallLimit, Host, HostMachine } from './host.js'
import { longCalls, serverEntry, serverName } from './server-entry.js'

const callLimit: CallLimit = { key: 'timeout', perSecond: 1, default: 60, longest: 600 }

/** Zed. Its files are below `.config`, on macOS, too. */
export const zed: Host = {
  id: 'zed',
  label: 'Zed',
  tested: false,
  scopes: ['user', 'project'],
  isPresent: (machine) =>
    machine.exists(folder(machine)) ||
    machine.executable('zed') !== undefined ||
    machine.executable('zeditor') !== undefined,
  changes: (machine, wiring) => {
    const place = wiring.scope === 'project' ? join(machine, wiring.project, '.zed') : folder(machine)
    const entry = { ...serverEntry(wiring), ...longCalls(callLimit) }
    return [
      fileChange({
        host: 'zed',
        what: 'MCP server, calls of 10 minutes',
        path: join(machine, place, 'settings.json'),
        format: relaxedJson,
        edits: [{ type: 'set', path: ['context_servers', serverName], value: entry }],
      }),
    ]
  },
  callLimit,
  restart: 'nothing: Zed starts the server when the file is saved',
}

function folder(machine: HostMachine): string {
  if (machine.platform === 'win32') return join(machine, applicationFolder(machine), 'Zed')
  if (machine.platform === 'darwin') return join(machine, machine.home, '.config', 'zed')
  return join(machine, configFolder(machine), 'zed')
}
