import type { LaunchOptionsOf } from '@subagent-mcp/api'
import type { EventSeverity } from '@subagent-mcp/contract'
import type { DailyBudget, WorkerOptions } from '@subagent-mcp/worker'
import type { PermissionMode } from './worker-rights.js'

/** The options of a worker, from its command line. */
export type WorkerOrder = LaunchOptionsOf<'worker'> & {
  name: string
  mode: PermissionMode
  /** Whether its sessions work in worktrees. */
  worktree: boolean
  allowed: readonly string[]
  /** The path of a file with MCP servers, or such JSON itself. */
  mcpConfig?: string
  session: WorkerOptions['session']
  pollMs: number
  once: boolean
  replicas: number
  maxTurns?: number
  budget: DailyBudget
  /** The patterns of topics whose events the worker gets. */
  topics: readonly string[]
  severity: EventSeverity
}
