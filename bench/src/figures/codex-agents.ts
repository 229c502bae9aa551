import { openBareCodex } from '../bare-codex.js'
import { compareAgents } from '../compare-agents.js'
import type { Figure } from '../figure.js'

/** Time and memory of 1, 5 and 20 Codex agents on one app-server. Floor: an app-server for each. */
export function codexAgentCosts(): Promise<Figure[]> {
  return compareAgents({
    pin: { provider: 'codex', model: 'gpt' },
    counts: [1, 5, 20],
    openBare: openBareCodex,
    floor: 'an app-server each',
    limits: (count) => ({
      // codex-turns.ts has the limit for a single start, which it measures in more rounds.
      ...(count > 1 && { time: { type: 'ratio', most: 1 } }),
      memory: { type: 'amount', most: count > 5 ? 240 : 200 },
    }),
  })
}
