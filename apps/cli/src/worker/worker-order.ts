import type { Severity } from '@subagent-mcp/contract'
import type { Budget, WorkerOptions } from '@subagent-mcp/worker'
import type { PermissionMode } from './worker-rights.js'

/** A worker as it was asked for. */
export type WorkerOrder = {
  name: string
  /** The only one that is tried. */
  provider?: string
  /** A provider that is tried first. */
  prefer?: string
  model?: string
  /** A definition. */
  agent?: string
  mode: PermissionMode
  allowed: readonly string[]
  /** A path, or JSON. */
  mcpConfig?: string
  session: WorkerOptions['session']
  pollMs: number
  once: boolean
  replicas: number
  maxTurns?: number
  budget: Budget
  /** Patterns of the topics of the events that it gets. */
  topics: readonly string[]
  severity: Severity
}
