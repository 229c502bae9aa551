import { directToolMatcher } from '@subagent-mcp/orchestration'
import type { JsonRules } from '../edit/json/json-document.js'
import { fileChange } from './file-change.js'
import { join, movedBy } from './folders.js'
import { hookEdits, type Hooks } from './hook-groups.js'
import type { CallLimit, FileChange, Host, Machine, Wiring } from './host.js'
import { longCalls, serverEntry, serverName } from './server-entry.js'

const callLimit: CallLimit = { key: 'timeout', perSecond: 1000, usual: 600 }

/**
 * Gemini CLI. It ends a call after 10 minutes, does not even offer tools that it would have to ask for when nobody is
 * there, and keeps from servers what looks like a secret. In a folder that is not trusted it starts no server.
 */
export const geminiCli: Host = {
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
  instructions: (machine) => join(machine, userFolder(machine), 'GEMINI.md'),
  restart: 'start a new session, in a folder that Gemini CLI trusts',
}

/** The tool that starts sub-agents of its own. */
const launcher = 'invoke_agent'

/** Time-outs in milliseconds. */
const events: Hooks = {
  host: 'gemini',
  timeout: 10_000,
  events: [
    { event: 'SessionStart' },
    { event: 'BeforeAgent' },
    { event: 'BeforeTool', matcher: directToolMatcher('gemini') },
  ],
}

/** A trailing comma or a byte order mark keeps Gemini CLI from starting. */
const format: JsonRules = { comments: true, trailingCommas: false, bom: false }

/** Names that Gemini CLI keeps from servers (0.61.0), and proxies, since an address with a password in it is kept too. */
const withheld =
  /TOKEN|SECRET|PASSWORD|PASSWD|KEY|AUTH|CREDENTIAL|CREDS|PRIVATE|CERT|_PROXY$|^(AWS_DEFAULT_REGION|GOOGLE_CLOUD_PROJECT)$/i

function userFolder(machine: Machine): string {
  return join(machine, movedBy(machine, 'GEMINI_CLI_HOME', machine.home), '.gemini')
}

function folder(machine: Machine, { scope, project }: Wiring): string {
  return scope === 'project' ? join(machine, project, '.gemini') : userFolder(machine)
}

function settings(machine: Machine, wiring: Wiring) {
  const path = join(machine, folder(machine, wiring), 'settings.json')
  return { host: 'gemini', path, format } as const
}

function registration(machine: Machine, wiring: Wiring): FileChange {
  // What it lets through needs no forwarding, and a variable that is not set would be there, empty.
  const names = wiring.forward.filter((name) => withheld.test(name))
  const entry = {
    ...serverEntry(wiring),
    ...(names.length > 0 && { env: Object.fromEntries(names.map((name) => [name, `$${name}`])) }),
    ...longCalls(callLimit),
    trust: true,
  }
  return fileChange({
    ...settings(machine, wiring),
    what: 'MCP server, its tools allowed, calls of an hour, environment',
    edits: [{ type: 'set', path: ['mcpServers', serverName], value: entry }],
  })
}

function hooks(machine: Machine, wiring: Wiring): FileChange {
  const edits = hookEdits(machine, wiring, events)
  return fileChange({ ...settings(machine, wiring), what: 'orchestration hooks', edits })
}

/** For the user a policy in a file of its own; a project's policies are not read, and its setting warns at each start. */
function suppression(machine: Machine, wiring: Wiring): FileChange {
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
    denyMessage: `Use launch_agent of ${serverName}.`,
  }
  return fileChange({
    host: 'gemini',
    what,
    path: join(machine, userFolder(machine), 'policies', `${serverName}.toml`),
    format: 'toml',
    edits: [{ type: 'add-item', path: ['rule'], value: rule, ours: { mentions: [serverName] } }],
  })
}
