import { defined, type SessionSpec, type PermissionPreset } from '@subagent-mcp/contract'
import { markVariable, projectInstructions } from '@subagent-mcp/driver-kit'
import type { McpOverrides } from './mcp-servers.js'
import { untrustedFolders } from './untrusted-folders.js'

/** What `thread/start` is told, and `thread/resume` too. */
export type ThreadParams = Permissions & {
  cwd: string
  approvalsReviewer: 'user'
  model?: string
  developerInstructions?: string
  ephemeral?: true
  /** Tells each turn as the model has it. */
  experimentalRawEvents?: true
  config: Readonly<Record<string, unknown>>
}

/** What was looked up for a session: the model's id, which MCP servers are switched on and off, its process's mark. */
export type LookedUp = { model: string | undefined; mcpServers: McpOverrides | undefined; mark: string }

/** Codex itself (0.169) leaves them out where a folder is not trusted. */
const instructions = { names: ['AGENTS.override.md', 'AGENTS.md'], title: 'AGENTS.md' }

/** A session as the parameters of its threads. */
export function threadParams(spec: SessionSpec, { model, mcpServers, mark }: LookedUp): ThreadParams {
  const { cwd, appendSystemPrompt, ephemeral = false } = spec
  const told = [projectInstructions(cwd, instructions), appendSystemPrompt].filter(
    (text) => text !== undefined,
  )
  return {
    cwd,
    ...permissionsOf(spec),
    approvalsReviewer: 'user',
    ...defined({ model }),
    ...(told.length > 0 && { developerInstructions: told.join('\n\n') }),
    // Nothing else keeps what a rewind goes back to.
    ...(ephemeral && { ephemeral, experimentalRawEvents: true }),
    config: {
      ...cleanRoom,
      projects: untrustedFolders(cwd),
      // A user's policy may keep from shells what the process has in its environment; without it none could be found.
      shell_environment_policy: { set: { [markVariable]: mark } },
      features: { ...quiet, ...(spec.mcp !== 'inherit' && noConnectors), ...(ephemeral && noMemories) },
      ...defined({ mcp_servers: mcpServers }),
    },
  }
}

/** No program of the user's is run, and no agent of Codex's own, which would go on after the turn. */
const cleanRoom = { notify: [], agents: { enabled: false } }

const quiet = {
  hooks: false,
  // A goal starts turns by itself.
  goals: false,
  // Without a network a turn would wait for ever.
  unbounded_connection_retries: false,
}

/** What one session is told would reach the next. */
const noMemories = { memories: false }

/** They bring MCP servers of their own. */
const noConnectors = { apps: false, plugins: false }

/** When Codex asks, and what its sandbox lets a command do that was not asked for. */
type Permissions = {
  approvalPolicy: 'untrusted' | 'on-request' | 'never'
  sandbox: 'read-only' | 'workspace-write' | 'danger-full-access'
}

/** What a session may do, in Codex's words. */
function permissionsOf({
  permissions = 'ask',
  asksAll,
}: Pick<SessionSpec, 'permissions' | 'asksAll'>): Permissions {
  if (!asksAll) return presets[permissions]
  // What is allowed is tried in the sandbox first, and again outside of it only where Codex sees that it was stopped:
  // it does not where the network was missing, and what had been done by then is done twice.
  const sandbox = permissions === 'read-only' ? 'read-only' : 'danger-full-access'
  return { approvalPolicy: 'untrusted', sandbox }
}

/** Not `untrusted`: it asks even for `ls`, while the sandbox makes sure of what a command can do. */
const presets: Readonly<Record<PermissionPreset, Permissions>> = {
  'read-only': { approvalPolicy: 'never', sandbox: 'read-only' },
  ask: { approvalPolicy: 'on-request', sandbox: 'read-only' },
  'accept-edits': { approvalPolicy: 'on-request', sandbox: 'workspace-write' },
  'full-auto': { approvalPolicy: 'never', sandbox: 'danger-full-access' },
}
