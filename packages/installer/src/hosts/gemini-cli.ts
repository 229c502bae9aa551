import { getDefaultCallTimeLimit, mcpServerName } from '@subagent-mcp/contract'
import { createDeniedToolMatcher } from '@subagent-mcp/orchestration'
import type { JsonRules } from '../edit/json/json-document.js'
import { fileChange } from './file-change.js'
import { joinPath, getFolderByVariable } from './folders.js'
import { createHookEventEdits, type HostHookEvents } from './hook-command.js'
import type { HostCallLimit, FileChange, Host, HostMachine, HostSetup } from './host.js'
import { createCallTimeLimitKeys, createServerEntry } from './server-entry.js'

const callLimit: HostCallLimit = {
  key: 'timeout',
  perSecond: 1000,
  default: getDefaultCallTimeLimit('gemini'),
}

/**
 * Gemini CLI. It ends a call after 10 minutes. Without a user it does not offer tools that need a permission. It hides
 * variables that look like a secret from servers, and starts no server in a folder that is not trusted.
 */
export const geminiCliHost: Host = {
  id: 'gemini',
  label: 'Gemini CLI',
  tested: true,
  scopes: ['user', 'project'],
  isPresent: (machine) => machine.exists(userFolder(machine)) || machine.executable('gemini') !== undefined,
  changes: (machine, wiring) => [
    registration(machine, wiring),
    ...(wiring.hooks ? [hooks(machine, wiring)] : []),
    ...(wiring.suppressNative ? [suppression(machine, wiring)] : []),
  ],
  callLimit,
  instructions: (machine) => joinPath(machine, userFolder(machine), 'GEMINI.md'),
  restart: 'start a new session, in a folder that Gemini CLI trusts',
}

const launcher = 'invoke_agent'

/** The hook events of Gemini CLI. Their time limits are in milliseconds. */
const events: HostHookEvents = {
  host: 'gemini',
  timeout: 10_000,
  events: [
    { event: 'SessionStart' },
    { event: 'BeforeAgent' },
    { event: 'BeforeTool', matcher: createDeniedToolMatcher('gemini') },
  ],
}

/** The JSON of Gemini CLI's settings. Gemini CLI does not start with a trailing comma or a byte order mark in it. */
const format: JsonRules = { comments: true, trailingCommas: false, bom: false }

/** Variables that Gemini CLI (0.61.0) hides from MCP servers. Proxies are among them, because addresses with a password are hidden. */
const withheld =
  /TOKEN|SECRET|PASSWORD|PASSWD|KEY|AUTH|CREDENTIAL|CREDS|PRIVATE|CERT|_PROXY$|^(AWS_DEFAULT_REGION|GOOGLE_CLOUD_PROJECT)$/i

function userFolder(machine: HostMachine): string {
  return joinPath(machine, getFolderByVariable(machine, 'GEMINI_CLI_HOME', machine.home), '.gemini')
}

function folder(machine: HostMachine, { scope, project }: HostSetup): string {
  return scope === 'project' ? joinPath(machine, project, '.gemini') : userFolder(machine)
}

function settings(machine: HostMachine, wiring: HostSetup) {
  const path = joinPath(machine, folder(machine, wiring), 'settings.json')
  return { host: 'gemini', path, format } as const
}

function registration(machine: HostMachine, wiring: HostSetup): FileChange {
  // Other variables need no forwarding, and a forwarded variable that is not set would be empty.
  const names = wiring.forward.filter((name) => withheld.test(name))
  const entry = {
    ...createServerEntry(wiring),
    ...createCallTimeLimitKeys(callLimit, {
      variables: Object.fromEntries(names.map((name) => [name, `$${name}`])),
    }),
    trust: true,
  }
  return fileChange({
    ...settings(machine, wiring),
    what: 'MCP server, its tools allowed, calls of an hour, environment',
    edits: [{ type: 'set', path: ['mcpServers', mcpServerName], value: entry }],
  })
}

function hooks(machine: HostMachine, wiring: HostSetup): FileChange {
  const edits = createHookEventEdits(machine, wiring, events)
  return fileChange({ ...settings(machine, wiring), what: 'orchestration hooks', edits })
}

/** Turns off Gemini CLI's own sub-agents: for the user by a policy file, for a project by a setting, because it reads no project's policies. */
function suppression(machine: HostMachine, wiring: HostSetup): FileChange {
  const what = 'own sub-agents turned off'
  if (wiring.scope === 'project') {
    const ours = { is: launcher }
    return fileChange({
      ...settings(machine, wiring),
      what,
      edits: [{ type: 'add-item', path: ['tools', 'exclude'], value: launcher, ours }],
    })
  }
  const rule = {
    toolName: launcher,
    decision: 'deny',
    priority: 900,
    denyMessage: `Use launch_agent of ${mcpServerName}.`,
  }
  return fileChange({
    host: 'gemini',
    what,
    path: joinPath(machine, userFolder(machine), 'policies', `${mcpServerName}.toml`),
    format: 'toml',
    edits: [{ type: 'add-item', path: ['rule'], value: rule, ours: { mentions: [mcpServerName] } }],
  })
}
