import { createHash } from 'node:crypto'
import type { SessionSpec } from '@subagent-mcp/contract'

/** All that makes one pooled process what it is. */
export type PoolSpec = {
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

/** Names what a pool spec makes. Without its limits: they hold for the processes that there are. */
export function poolSpecKey({ limits: _, ...made }: PoolSpec): string {
  return hash(made)
}

/** Names what a pool spec is for. A new pool spec of a lane takes the place of the one before it. */
export function poolSpecLane({ agent, project, spec: { cwd, environment, depth } }: PoolSpec): string {
  return hash({ agent, project, cwd, environment, depth })
}

/** A hash, so that no key or token of the environment can be read off it. */
function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex')
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}
