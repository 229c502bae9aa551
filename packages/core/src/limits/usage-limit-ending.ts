import type { Agent, AgentEnding } from '../agent/agent.js'

/** The ending of an agent that waits for a limit: its session is closed, and it continues by itself. */
export type UsageLimitEnding = AgentEnding & { type: 'limited' }

/** The rest of an agent that waits for the end of a limit, or for its hand-over to another candidate; otherwise `undefined`. */
export function findUsageLimitEnding({ phase }: Agent): UsageLimitEnding | undefined {
  const isOver = phase.status === 'closing' || phase.status === 'ended'
  return isOver && phase.ending.type === 'limited' ? phase.ending : undefined
}
