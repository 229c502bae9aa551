import { omitUndefined, type SessionSpec, type PermissionPreset } from '@subagent-mcp/contract'
import {
  listFolderAndParents,
  childMarkVariable,
  readProjectInstructions,
  realPath,
} from '@subagent-mcp/driver-kit'
import type { CodexMcpServerSettings } from './mcp-servers.js'

/** The parameters of Codex's `thread/start`, `thread/resume` and `thread/fork`. */
export type CodexThreadParams = Permissions & {
  cwd: string
  approvalsReviewer: 'user'
  model?: string
  developerInstructions?: string
  ephemeral?: true
  experimentalRawEvents?: true
  config: Readonly<Record<string, unknown>>
}

/** Values that the driver looks up before a Codex thread starts: the model's id, the MCP servers, and the mark of the process. */
export type ThreadLookups = {
  model: string | undefined
  mcpServers: CodexMcpServerSettings | undefined
  mark: string
}

/** Codex (0.169) does not read these files in an untrusted folder. */
const instructionFiles = { names: ['AGENTS.override.md', 'AGENTS.md'], title: 'AGENTS.md' }

export function createCodexThreadParams(
  spec: SessionSpec,
  { model, mcpServers, mark }: ThreadLookups,
): CodexThreadParams {
  const { cwd, appendSystemPrompt, ephemeral = false } = spec
  const instructions = [readProjectInstructions(cwd, instructionFiles), appendSystemPrompt].filter(
    (text) => text !== undefined,
  )
  return {
    cwd,
    ...permissionsOf(spec),
    approvalsReviewer: 'user',
    ...omitUndefined({ model }),
    ...(instructions.length > 0 && { developerInstructions: instructions.join('\n\n') }),
    // A rewind of an ephemeral thread needs the raw items of its turns.
    ...(ephemeral && { ephemeral, experimentalRawEvents: true }),
    config: {
      ...cleanRoom,
      projects: createUntrustedFolderSettings(cwd),
      // The user's policy may hide the environment from shells, but the processes of a session are found by this mark.
      shell_environment_policy: { set: { [childMarkVariable]: mark } },
      features: { ...quiet, ...(spec.mcp !== 'inherit' && noConnectors), ...(ephemeral && noMemories) },
      ...omitUndefined({ mcp_servers: mcpServers }),
    },
  }
}

/** Codex config without the user's notification program, and without Codex's own agents, which outlive the turn. */
const cleanRoom = { notify: [], agents: { enabled: false } }

const quiet = {
  hooks: false,
  // A goal makes Codex start turns by itself.
  goals: false,
  // With unbounded retries a turn without a network never ends.
  unbounded_connection_retries: false,
}

/** Codex config without memories, which would carry the content of one session into the next. */
const noMemories = { memories: false }

/** Codex config without apps and plugins, which bring MCP servers of their own. */
const noConnectors = { apps: false, plugins: false }

/** When Codex asks for approval, and what its sandbox allows without approval. */
type Permissions = {
  approvalPolicy: 'untrusted' | 'on-request' | 'never'
  sandbox: 'read-only' | 'workspace-write' | 'danger-full-access'
}

/** Translates the permissions of a session spec to Codex's approval policy and sandbox. */
function permissionsOf({
  permissions = 'ask',
  asksAll,
}: Pick<SessionSpec, 'permissions' | 'asksAll'>): Permissions {
  if (!asksAll) return presets[permissions]
  // An approved command runs in the sandbox first, and again outside of it where Codex sees that the sandbox stopped it.
  // Codex does not see a missing network, and the second run repeats what the first one did.
  const sandbox = permissions === 'read-only' ? 'read-only' : 'danger-full-access'
  return { approvalPolicy: 'untrusted', sandbox }
}

/** Approval policy and sandbox for each preset. None has `untrusted`, which asks even for `ls`; the sandbox limits commands. */
const presets: Readonly<Record<PermissionPreset, Permissions>> = {
  'read-only': { approvalPolicy: 'never', sandbox: 'read-only' },
  ask: { approvalPolicy: 'on-request', sandbox: 'read-only' },
  'accept-edits': { approvalPolicy: 'on-request', sandbox: 'workspace-write' },
  'full-auto': { approvalPolicy: 'never', sandbox: 'danger-full-access' },
}

/**
 * Settings that keep Codex from trusting the folder of a session and all folders around it. By itself Codex records a
 * folder in which it may write as trusted, for good; and from a trusted folder it takes MCP servers, rules that allow
 * commands, and settings (0.169).
 */
export function createUntrustedFolderSettings(cwd: string): Readonly<Record<string, object>> {
  const folders = [...listFolderAndParents(cwd), ...listFolderAndParents(realPath(cwd))]
  return Object.fromEntries(folders.map((folder) => [folder, { trust_level: 'untrusted' }]))
}
