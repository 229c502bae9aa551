import type { AgentDefinition } from '@subagent-mcp/definitions'
import type { Config } from '../settings/config.js'

/** How many processes an agent may have, and when each is followed by a new one. */
export type PoolSettings = Required<Config['pool']>

/**
 * As the definition says, else the user's configuration, else by the provider: measured over hundreds of tasks (bench,
 * `pool-memory`), a process has by then grown by a third.
 */
export function poolSettings({ provider, pool }: AgentDefinition, config: Config['pool']): PoolSettings {
  return { ...(wear[provider] ?? unknownWear), ...config, ...pool }
}

type Wear = Pick<PoolSettings, 'recycleAfterTasks' | 'recycleAboveMegabytes'>

const wear: Readonly<Record<string, Wear>> = {
  claude: { recycleAfterTasks: 100, recycleAboveMegabytes: 400 },
  // It lets go of the threads that are left.
  codex: { recycleAfterTasks: 1_000, recycleAboveMegabytes: 400 },
  // It keeps every session that it ever had, and each new one takes longer for it.
  gemini: { recycleAfterTasks: 40, recycleAboveMegabytes: 600 },
}

const unknownWear: Wear = { recycleAfterTasks: 100, recycleAboveMegabytes: 600 }
