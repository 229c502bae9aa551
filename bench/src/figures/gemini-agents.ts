import { openBareGemini } from '../bare-gemini.js'
import { compareAgents } from '../compare-agents.js'
import type { Figure } from '../figure.js'

/** Time and memory of 1, 5 and 20 Gemini agents in one process. Floor: a process for each. */
export function geminiAgentCosts(): Promise<Figure[]> {
  return compareAgents({
    pin: { provider: 'gemini', model: 'flash' },
    counts: [1, 5, 20],
    openBare: openBareGemini,
    floor: 'a process each',
    limits: (count) => ({
      time: { type: 'ratio', most: count > 1 ? 1 : 1.1 },
      // The agents together may take as much memory as one and a half processes.
      memory: { type: 'ratio', most: 1.5 / count },
    }),
  })
}
