import type { AskedFact } from './is-question.js'
import type { Question } from './question-text.js'

/** The question of a fact, which may be over by now. */
export function askedQuestion({ at, agentId, event, ruling }: AskedFact): Question & { askedAt: number } {
  const { requestId, tool, input } = event
  const about = { agentId, requestId, tool, input, askedAt: at }
  if (ruling?.verdict !== 'ask') return about
  const { by, humanOnly, until, shownTo } = ruling
  return {
    ...about,
    by,
    humanOnly,
    ...(until !== undefined && { until }),
    ...(shownTo !== undefined && { shown: true }),
  }
}
