import { openBareGemini } from '../bare-gemini.js'
import { compareAgents } from '../compare-agents.js'
import type { Figure } from '../figure.js'

/** 1, 5 and 20 Gemini agents in one process, against a process for each. */
export function geminiAgents(): Promise<Figure[]> {
  return compareAgents({
    pin: { provider: 'gemini', model: 'flash' },
    counts: [1, 5, 20],
    openBare: openBareGemini,
    floor: 'a process each',
    limits: (count) => ({
      time: { type: 'ratio', most: count > 1 ? 1 : 1.1 },
      // All of them together in one process and a half.
      memory: { type: 'ratio', most: 1.5 / count },
    }),
  })
}
