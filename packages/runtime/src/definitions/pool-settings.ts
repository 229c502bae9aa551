import type { AgentDefinition } from '@subagent-mcp/definitions'

/** The most warm processes of an agent, and the limits at which each process is replaced. A definition may override each field. */
export type PoolDefaults = {
  /** The number of processes of one agent. */
  max: number
  /** The number of tasks after which a process is replaced. Default: by provider. */
  recycleAfterTasks?: number
  recycleAfterMinutes: number
  /** The memory above which a process is replaced. Default: by provider. */
  recycleAboveMegabytes?: number
  /** The minutes for which a process waits for a task before it is ended. */
  idleMinutes: number
}

export type PoolSettings = Required<PoolDefaults>

export const defaultPoolSettings: PoolDefaults = { max: 4, recycleAfterMinutes: 60, idleMinutes: 10 }

/**
 * Returns the pool settings of a definition, with defaults from the user, then from the definition's provider. The numbers of the
 * providers were measured (bench, `pool-memory`): with so many tasks or so much memory a process has grown by a third.
 */
export function resolvePoolSettings(
  { provider, pool }: AgentDefinition,
  defaults: PoolDefaults,
): PoolSettings {
  return { ...(wear[provider] ?? unknownWear), ...defaults, ...pool }
}

type Wear = Pick<PoolSettings, 'recycleAfterTasks' | 'recycleAboveMegabytes'>

const wear: Readonly<Record<string, Wear>> = {
  claude: { recycleAfterTasks: 100, recycleAboveMegabytes: 400 },
  // Codex frees the memory of closed threads, so one of its processes serves many tasks.
  codex: { recycleAfterTasks: 1_000, recycleAboveMegabytes: 400 },
  // Gemini keeps all its sessions in memory, and takes longer for each new one.
  gemini: { recycleAfterTasks: 40, recycleAboveMegabytes: 600 },
}

const unknownWear: Wear = { recycleAfterTasks: 100, recycleAboveMegabytes: 600 }
