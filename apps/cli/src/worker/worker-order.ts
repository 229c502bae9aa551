import type { LaunchOptionsOf } from '@subagent-mcp/api'
import type { Severity } from '@subagent-mcp/contract'
import type { DailyBudget, WorkerOptions } from '@subagent-mcp/worker'
import type { PermissionMode } from './worker-rights.js'

/** A worker as it was asked for. */
export type WorkerOrder = LaunchOptionsOf<'worker'> & {
  name: string
  mode: PermissionMode
  allowed: readonly string[]
  /** A path, or JSON. */
  mcpConfig?: string
  session: WorkerOptions['session']
  pollMs: number
  once: boolean
  replicas: number
  maxTurns?: number
  budget: DailyBudget
  /** Patterns of the topics of the events that it gets. */
  topics: readonly string[]
  severity: Severity
}
