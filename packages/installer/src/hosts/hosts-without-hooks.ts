import { mcpServerName } from '@subagent-mcp/contract'
import type { JsonRules } from '../edit/json/json-document.js'
import type { JsonValue } from '../edit/value.js'
import { fileChange, plainJsonRules, relaxedJsonRules } from './file-change.js'
import { getApplicationDataFolder, getXdgConfigFolder, joinPath, getFolderByVariable } from './folders.js'
import type { HostCallLimit, Host, HostId, HostMachine, HostSetup } from './host.js'
import { createCallTimeLimitKeys, createServerEntry } from './server-entry.js'

/** A host in which only our MCP server is registered, in one JSON file. */
type PlainHost = {
  id: HostId
  label: string
  /** Whether our entry was tested with the program. Default: false. */
  tested?: boolean
  /** The names of its programs. Default: none, so that only its folder shows the host. */
  programs?: readonly string[]
  folder(machine: HostMachine): string
  /** The path of the user's file, relative to the folder. */
  userFile: readonly string[]
  /** The path of a project's file, relative to the project; undefined for a host without such files. */
  projectFile?: readonly string[]
  format: JsonRules
  /** The top-level key of the servers. */
  key: string
  /** The entry of our server. Default: its command and arguments. */
  entry?(wiring: HostSetup): JsonValue
  callLimit?: HostCallLimit
  /** The name of the entry in a plan. Default: `MCP server`. */
  what?: string
  restart: string
}

const millisecondLimit: HostCallLimit = { key: 'timeout', perSecond: 1000 }
const zedLimit: HostCallLimit = { key: 'timeout', perSecond: 1, default: 60, longest: 600 }

const table: readonly PlainHost[] = [
  // Claude Desktop reads strict JSON, and says nothing about a file that it cannot read.
  {
    id: 'claude-desktop',
    label: 'Claude Desktop',
    folder: (machine) => joinPath(machine, getApplicationDataFolder(machine), 'Claude'),
    userFile: ['claude_desktop_config.json'],
    format: plainJsonRules,
    key: 'mcpServers',
    restart: 'quit Claude Desktop (closing its window is not enough) and start it',
  },
  // The Copilot CLI of GitHub also reads `.mcp.json`; that file is not used, because Claude Code reads it too.
  {
    id: 'copilot',
    label: 'Copilot CLI',
    tested: true,
    programs: ['copilot'],
    folder: (machine) =>
      getFolderByVariable(machine, 'COPILOT_HOME', joinPath(machine, machine.home, '.copilot')),
    userFile: ['mcp-config.json'],
    projectFile: ['.github', 'mcp.json'],
    format: plainJsonRules,
    key: 'mcpServers',
    entry: (wiring) => ({
      type: 'local',
      ...createServerEntry(wiring),
      tools: ['*'],
      ...createCallTimeLimitKeys(millisecondLimit),
    }),
    callLimit: millisecondLimit,
    what: 'MCP server, calls of an hour',
    restart: 'start a new session',
  },
  // The editor Cursor and its terminal agent read the same files.
  {
    id: 'cursor',
    label: 'Cursor',
    programs: ['cursor'],
    folder: (machine) => joinPath(machine, machine.home, '.cursor'),
    userFile: ['mcp.json'],
    projectFile: ['.cursor', 'mcp.json'],
    format: plainJsonRules,
    key: 'mcpServers',
    restart: 'restart Cursor, then see that the server is on in its MCP settings',
  },
  // The CLI opencode reads below `.config` on all systems, and gives servers its whole environment.
  {
    id: 'opencode',
    label: 'opencode',
    tested: true,
    programs: ['opencode'],
    folder: (machine) => joinPath(machine, getXdgConfigFolder(machine), 'opencode'),
    userFile: ['opencode.json'],
    projectFile: ['opencode.json'],
    format: relaxedJsonRules,
    key: 'mcp',
    entry: (wiring) => {
      const { command, args } = createServerEntry(wiring)
      return {
        type: 'local',
        command: [command, ...args],
        enabled: true,
        ...createCallTimeLimitKeys(millisecondLimit, { variablesKey: 'environment' }),
      }
    },
    callLimit: millisecondLimit,
    what: 'MCP server, calls of an hour',
    restart: 'start a new session',
  },
  // Visual Studio Code, with its default profile.
  {
    id: 'vscode',
    label: 'VS Code',
    programs: ['code'],
    folder: (machine) => joinPath(machine, getApplicationDataFolder(machine), 'Code'),
    userFile: ['User', 'mcp.json'],
    projectFile: ['.vscode', 'mcp.json'],
    format: relaxedJsonRules,
    key: 'servers',
    entry: (wiring) => ({ type: 'stdio', ...createServerEntry(wiring) }),
    restart: 'run "MCP: List Servers" in VS Code and start the server; it asks once whether to trust it',
  },
  {
    id: 'windsurf',
    label: 'Windsurf',
    programs: ['windsurf'],
    folder: (machine) => joinPath(machine, machine.home, '.codeium', 'windsurf'),
    userFile: ['mcp_config.json'],
    format: plainJsonRules,
    key: 'mcpServers',
    restart: 'restart Windsurf, or refresh the list of servers in Cascade',
  },
  {
    id: 'zed',
    label: 'Zed',
    programs: ['zed', 'zeditor'],
    folder: zedFolder,
    userFile: ['settings.json'],
    projectFile: ['.zed', 'settings.json'],
    format: relaxedJsonRules,
    key: 'context_servers',
    entry: (wiring) => ({ ...createServerEntry(wiring), ...createCallTimeLimitKeys(zedLimit) }),
    callLimit: zedLimit,
    what: 'MCP server, calls of 10 minutes',
    restart: 'nothing: Zed starts the server when the file is saved',
  },
]

/** Hosts without hooks, in which only our MCP server is registered. */
export const hostsWithoutHooks: readonly Host[] = table.map(hostOfRow)

function hostOfRow(row: PlainHost): Host {
  const { id, label, folder, projectFile, format, key, callLimit, restart } = row
  const { tested = false, programs = [], entry = createServerEntry, what = 'MCP server' } = row
  return {
    ...{ id, label, tested, restart },
    ...(callLimit && { callLimit }),
    scopes: projectFile === undefined ? ['user'] : ['user', 'project'],
    isPresent: (machine) =>
      machine.exists(folder(machine)) || programs.some((name) => machine.executable(name) !== undefined),
    changes: (machine, wiring) => {
      const path = pathOf(row, machine, wiring)
      if (path === undefined) return []
      const edit = { type: 'set', path: [key, mcpServerName], value: entry(wiring) } as const
      return [fileChange({ host: id, what, path, format, edits: [edit] })]
    },
  }
}

function pathOf(
  { id, folder, userFile, projectFile }: PlainHost,
  machine: HostMachine,
  { scope, project }: HostSetup,
): string | undefined {
  const names = scope === 'user' ? userFile : projectFile
  if (names === undefined) return undefined
  const path = joinPath(machine, scope === 'user' ? folder(machine) : project, ...names)
  // opencode reads both names; the one that the user has is kept.
  const withComments = `${path}c`
  return id === 'opencode' && machine.exists(withComments) ? withComments : path
}

/** On macOS, too, Zed has its files below `.config`. */
function zedFolder(machine: HostMachine): string {
  if (machine.platform === 'win32') return joinPath(machine, getApplicationDataFolder(machine), 'Zed')
  if (machine.platform === 'darwin') return joinPath(machine, machine.home, '.config', 'zed')
  return joinPath(machine, getXdgConfigFolder(machine), 'zed')
}
