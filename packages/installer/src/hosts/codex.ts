import { getDefaultCallTimeLimit, mcpServerName } from '@subagent-mcp/contract'
import { createDeniedToolMatcher } from '@subagent-mcp/orchestration'
import { fileChange, plainJsonRules } from './file-change.js'
import { joinPath, getFolderByVariable } from './folders.js'
import { createHookEventEdits, type HostHookEvents } from './hook-command.js'
import type { HostCallLimit, FileChange, Host, HostMachine, HostSetup } from './host.js'
import { createCallTimeLimitKeys, createServerEntry } from './server-entry.js'

const callLimit: HostCallLimit = {
  key: 'tool_timeout_sec',
  perSecond: 1,
  default: getDefaultCallTimeLimit('codex'),
}

/**
 * Codex. It ends a call after 300 s, asks before each call of a tool (which `codex exec` cannot), and gives servers seven
 * variables of its environment. Its hooks are in a file of their own and do not run until they are trusted. `codex mcp add`
 * is not used, because it rewrites the tables of all servers without their comments.
 */
export const codexHost: Host = {
  id: 'codex',
  label: 'Codex',
  tested: true,
  scopes: ['user', 'project'],
  isPresent: (machine) => machine.exists(userFolder(machine)) || machine.executable('codex') !== undefined,
  changes: (machine, wiring) => [
    registration(machine, wiring),
    ...(wiring.hooks ? [hooks(machine, wiring)] : []),
    ...(wiring.suppressNative ? suppressions(machine, wiring) : []),
  ],
  callLimit,
  instructions: (machine) => joinPath(machine, userFolder(machine), 'AGENTS.md'),
  restart: 'start a new session; hooks run once they are trusted',
}

/** The hook events of Codex. Their time limits are in seconds. */
const events: HostHookEvents = {
  host: 'codex',
  timeout: 10,
  events: [
    { event: 'SessionStart' },
    { event: 'UserPromptSubmit' },
    { event: 'PreToolUse', matcher: createDeniedToolMatcher('codex') },
  ],
}

/** How Codex reads its file of hooks. It ignores a file with a comment or another top-level key. */
export const codexHooksFileFormat = {
  format: plainJsonRules,
  topLevelKeys: ['description', 'hooks'],
} as const

/** The file of Codex's hooks of a scope, by the path that its record of trust has. */
export function codexHooksFilePath(
  machine: HostMachine,
  wiring: Pick<HostSetup, 'scope' | 'project'>,
): string {
  return joinPath(machine, folder(machine, wiring), 'hooks.json')
}

function folder(machine: HostMachine, { scope, project }: Pick<HostSetup, 'scope' | 'project'>): string {
  return scope === 'project' ? joinPath(machine, project, '.codex') : userFolder(machine)
}

function userFolder(machine: HostMachine): string {
  return getFolderByVariable(machine, 'CODEX_HOME', joinPath(machine, machine.home, '.codex'))
}

function config(machine: HostMachine, wiring: HostSetup) {
  const path = joinPath(machine, folder(machine, wiring), 'config.toml')
  return { host: 'codex', path, format: 'toml' } as const
}

function registration(machine: HostMachine, wiring: HostSetup): FileChange {
  const entry = {
    ...createServerEntry(wiring),
    ...(wiring.forward.length > 0 && { env_vars: [...wiring.forward] }),
    // Time for npx to fetch the package.
    startup_timeout_sec: 60,
    ...createCallTimeLimitKeys(callLimit),
    default_tools_approval_mode: 'approve',
  }
  return fileChange({
    ...config(machine, wiring),
    what: 'MCP server, its tools allowed, calls of an hour, environment',
    edits: [{ type: 'set', path: ['mcp_servers', mcpServerName], value: entry }],
  })
}

function hooks(machine: HostMachine, wiring: HostSetup): FileChange {
  return fileChange({
    host: 'codex',
    what: 'orchestration hooks',
    path: codexHooksFilePath(machine, wiring),
    ...codexHooksFileFormat,
    edits: createHookEventEdits(machine, wiring, events),
  })
}

/** Turns off Codex's own sub-agents. The newer launchers are a feature of their own, which ignores the older switch. */
function suppressions(machine: HostMachine, wiring: HostSetup): FileChange[] {
  return [
    { what: 'own sub-agents turned off', path: ['agents', 'enabled'] },
    { what: 'own sub-agents of the newer kind turned off', path: ['features', 'multi_agent_v2'] },
  ].map(({ what, path }) =>
    fileChange({ ...config(machine, wiring), what, edits: [{ type: 'set', path, value: false }] }),
  )
}
