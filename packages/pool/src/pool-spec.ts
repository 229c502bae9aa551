import { createHash } from 'node:crypto'
import type { SessionSpec } from '@subagent-mcp/contract'

/** All settings that make a pooled process different from others. Tasks share processes with the same settings. */
export type PoolSpec = {
  agent: string
  project: string
  provider: string
  /** The settings of the pool's sessions, with the environment variables that `selectPoolEnvironment` has selected. */
  spec: SessionSpec
  /** Further differences between processes: hashes of file contents, the files of the installed CLI. */
  fingerprint: readonly string[]
  /** A prompt that the pool sends once to a new session. Every task starts after that turn. */
  prime?: string
  limits: PoolLimits
}

export type PoolLimits = {
  /** The number of tasks after which a pooled process is replaced. */
  tasks: number
  ageMs: number
  /** The resident memory in bytes, with that of child processes, above which a process is replaced. */
  memoryBytes: number
  /** The time without a task after which a pooled process ends, in milliseconds. */
  idleMs: number
}

/** The key of a spec: a hash of everything but its limits, which may change for existing processes. */
export function hashPoolSpec({ limits: _, ...made }: PoolSpec): string {
  return hash(made)
}

/** The lane of a pool spec: a hash of agent, project, folder, environment and depth. A lane has one spec at a time. */
export function hashPoolLane({ agent, project, spec: { cwd, environment, depth } }: PoolSpec): string {
  return hash({ agent, project, cwd, environment, depth })
}

/** The hash of a value, used as a key because the environment in it holds secrets. */
function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex')
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}
