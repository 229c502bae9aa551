import type { SessionSpec } from '@subagent-mcp/contract'

/** All that makes one pooled process what it is. */
export type Recipe = {
  agent: string
  project: string
  provider: string
  /** How its sessions are opened; the environment is cut to what `poolEnvironment` lets through. */
  spec: SessionSpec
  /** What the spec does not say and yet makes another process: content hashes, the installed CLI. */
  fingerprint: readonly string[]
  /** A prompt that is sent once to a new session, and whose turn every task starts from. */
  prime?: string
  limits: PoolLimits
}

/** When a pooled process has had enough. */
export type PoolLimits = {
  /** Tasks that it serves. */
  tasks: number
  ageMs: number
  /** Resident memory, of its descendants too. */
  memoryBytes: number
  /** How long it may have nothing to do. */
  idleMs: number
}
