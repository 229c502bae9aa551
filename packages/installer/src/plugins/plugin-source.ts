import { mcpServerName } from '@subagent-mcp/contract'
import type { JsonValue } from '../edit/value.js'
import { hosts } from '../hosts/hosts.js'
import type { FileChange, HostId, HostMachine, HostSetup } from '../hosts/host.js'
import { forwardedVariables } from '../hosts/forwarded-names.js'

/** The description of the program in all plugins and manifests: fields of the package.json of the `subagent-mcp` command. */
export type PluginSource = {
  name: string
  /** The name in the MCP registry, which npm packages repeat as `mcpName`. */
  mcpName: string
  version: string
  description: string
  keywords: readonly string[]
  author: string
  license: string
  homepage: string
  repository: { url: string; directory: string }
  engines: { node: string }
}

/** A file of a plugin: its path from the root of the repository, with slashes, and its text. */
export type PluginFile = { path: string; text: string }

/** The command line of plugins. A plugin is copied without the program, so it starts the installed one, by PATH. */
export const pluginServerCommand: HostSetup['server'] = { command: mcpServerName, args: [] }

/** The entries that `setup` would write for a host, as its plugin has them. */
export function createPluginHostEntries(host: HostId, system: 'posix' | 'windows' = 'posix') {
  const machine: HostMachine = {
    platform: system === 'windows' ? 'win32' : 'linux',
    home: '/',
    environment: {},
    exists: () => false,
    executable: () => undefined,
  }
  const wiring: HostSetup = {
    server: pluginServerCommand,
    scope: 'user',
    project: '/',
    hooks: true,
    suppressNative: false,
    forward: forwardedVariables,
    plugin: host,
  }
  const changes = hosts.find(({ id }) => id === host)?.changes(machine, wiring) ?? []
  return { server: serverOf(changes), hooks: hooksOf(changes) }
}

/** The entry of our MCP server among changes; empty for none. */
function serverOf(changes: readonly FileChange[]): Record<string, JsonValue> {
  for (const edit of changes.flatMap(({ edits }) => edits)) {
    if (edit.type !== 'set' || edit.path.at(-1) !== mcpServerName) continue
    const entry = edit.value
    if (typeof entry === 'object' && entry !== null && !Array.isArray(entry)) return entry
  }
  return {}
}

function hooksOf(changes: readonly FileChange[]): Record<string, JsonValue[]> {
  const hooks = changes
    .flatMap(({ edits }) => edits)
    .flatMap((edit): [string, JsonValue[]][] =>
      edit.type === 'add-item' && edit.path[0] === 'hooks'
        ? [[edit.path.at(-1) ?? '', [edit.value]]]
        : [],
    )
  return Object.fromEntries(hooks)
}

export function createJsonPluginFile(path: string, value: JsonValue): PluginFile {
  return { path, text: `${JSON.stringify(value, undefined, 2)}\n` }
}

/** The address of a repository on the web, without the marks of package.json. */
export function formatRepositoryAddress(url: string): string {
  return url.replace(/^git\+/, '').replace(/\.git$/, '')
}
