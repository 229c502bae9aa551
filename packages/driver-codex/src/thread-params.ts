import type { SessionSpec } from '@subagent-mcp/contract'
import type { McpOverrides } from './mcp-servers.js'
import { permissionsOf, type Permissions } from './permissions.js'

/** What `thread/start` is told, and `thread/resume` too. */
export type ThreadParams = Permissions & {
  cwd: string
  approvalsReviewer: 'user'
  model?: string
  developerInstructions?: string
  config: Readonly<Record<string, unknown>>
}

/** What was looked up for a session: the model's id, and which MCP servers are switched on and off. */
export type LookedUp = { model: string | undefined; mcpServers: McpOverrides | undefined }

/** A session as the parameters of its threads. */
export function threadParams(spec: SessionSpec, { model, mcpServers }: LookedUp): ThreadParams {
  const { cwd, permissions = 'ask', appendSystemPrompt } = spec
  return {
    cwd,
    ...permissionsOf[permissions],
    approvalsReviewer: 'user',
    ...(model !== undefined && { model }),
    ...(appendSystemPrompt !== undefined && { developerInstructions: appendSystemPrompt }),
    config: {
      ...cleanRoom,
      features: { ...quiet, ...(spec.mcp !== 'inherit' && noConnectors) },
      ...(mcpServers !== undefined && { mcp_servers: mcpServers }),
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

/** They bring MCP servers of their own. */
const noConnectors = { apps: false, plugins: false }
