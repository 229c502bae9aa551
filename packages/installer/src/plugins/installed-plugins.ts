import { mcpServerName } from '@subagent-mcp/contract'
import { dirname } from 'node:path'
import { isDataTable, getValueAt } from '../edit/value.js'
import { readTextFileOrRefuse } from '../file/read-text.js'
import { jsonWithBomRules } from '../hosts/file-change.js'
import { joinPath } from '../hosts/folders.js'
import type { FileFormat, HostMachine } from '../hosts/host.js'
import { hosts } from '../hosts/hosts.js'
import { parseHostFile } from '../read-data.js'

export type InstalledPlugin = {
  host: 'claude' | 'codex' | 'gemini'
  label: string
  path: string
  /** The command that removes the plugin. */
  removal: string
}

/** Finds our plugins in the files of hosts, also those of the current project. A plugin of a command-line option is in none. */
export function findInstalledPlugins(machine: HostMachine, project: string): InstalledPlugin[] {
  return hosts.flatMap(({ id, label, instructions }) => {
    const folder = instructions && dirname(instructions(machine))
    if ((id !== 'claude' && id !== 'codex' && id !== 'gemini') || folder === undefined) return []
    const found = finders[id](machine, folder, project)
    return found ? [{ host: id, label, ...found }] : []
  })
}

type Found = Pick<InstalledPlugin, 'path' | 'removal'> | undefined
type Finder = (machine: HostMachine, folder: string, project: string) => Found

const finders: Record<InstalledPlugin['host'], Finder> = {
  claude: (machine, folder, project) => {
    const paths = [
      joinPath(machine, folder, 'settings.json'),
      ...['settings.json', 'settings.local.json'].map((name) => joinPath(machine, project, '.claude', name)),
    ]
    for (const path of paths) {
      const plugins = Object.entries(tableIn(path, jsonWithBomRules, 'enabledPlugins'))
      const [id] = plugins.find(([name, isOn]) => isOurs(name) && isOn === true) ?? []
      if (id !== undefined) return { path, removal: `claude plugin uninstall ${id}` }
    }
    return undefined
  },
  codex: (machine, folder) => {
    const path = joinPath(machine, folder, 'config.toml')
    const plugins = Object.entries(tableIn(path, 'toml', 'plugins'))
    const [id] = plugins.find(([name, entry]) => isOurs(name) && getValueAt(entry, ['enabled']) !== false) ?? []
    return id === undefined ? undefined : { path, removal: `codex plugin remove ${id}` }
  },
  gemini: (machine, folder) => {
    const path = joinPath(machine, folder, 'extensions', mcpServerName, 'gemini-extension.json')
    return machine.exists(path) ? { path, removal: `gemini extensions uninstall ${mcpServerName}` } : undefined
  },
}

/** Whether the id of a plugin, `name@marketplace`, has our name. A marketplace with a name unsafe for a shell does not count. */
function isOurs(id: string): boolean {
  return id.startsWith(`${mcpServerName}@`) && /^[\w.@-]+$/.test(id)
}

/** A top-level table of a file; empty for a file that is absent or that its host could not read. */
function tableIn(path: string, format: FileFormat, key: string): Record<string, unknown> {
  const file = readTextFileOrRefuse(path)
  if (file.type === 'refused' || file.type === 'absent') return {}
  const read = parseHostFile(file.text, format)
  const table = read.type === 'data' ? getValueAt(read.data, [key]) : undefined
  return isDataTable(table) ? table : {}
}
