import type { Agent, AgentEnding } from '../agent/agent.js'

/** The ending of an agent that rests: its session is closed, and it goes on by itself. */
export type Rest = AgentEnding & { type: 'limited' }

/** The rest of an agent that waits for the end of a limit, or for its hand-over to another candidate; otherwise `undefined`. */
export function restOf({ phase }: Agent): Rest | undefined {
  const isOver = phase.status === 'closing' || phase.status === 'ended'
  return isOver && phase.ending.type === 'limited' ? phase.ending : undefined
}
