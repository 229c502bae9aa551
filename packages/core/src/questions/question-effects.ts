import type { Agent, PendingApproval } from '../agent/agent.js'
import type { Effect } from '../state/effect.js'
import { listPendingApprovals } from '../agent/reports.js'

/** Effects that follow a change of an agent's questions: timers for new deadlines, dialogs to show and to close. */
export function computeQuestionEffects(before: Agent, after: Agent): Effect[] {
  const agentId = after.profile.id
  const [were, are] = [listPendingApprovals(before), listPendingApprovals(after)]
  if (were === are) return []
  const limited = are.flatMap(({ requestId, askedAt, until }): Effect[] => {
    if (until === undefined || were.some((other) => other.requestId === requestId)) return []
    return [{ type: 'limit-question', agentId, requestId, until, delay: until - askedAt }]
  })
  const hidden = onlyIn(shown(were), shown(are)).map(({ requestId }): Effect => ({
    type: 'hide-question',
    agentId,
    requestId,
  }))
  const newlyShown = onlyIn(shown(are), shown(were)).map(({ requestId, shownTo: caller }): Effect => ({
    type: 'show-question',
    agentId,
    requestId,
    caller,
  }))
  return [...limited, ...hidden, ...newlyShown]
}

type Shown = PendingApproval & { shownTo: string }

function shown(questions: readonly PendingApproval[]): Shown[] {
  return questions.flatMap((question) => {
    const { shownTo } = question
    return shownTo === undefined ? [] : [{ ...question, shownTo }]
  })
}

function onlyIn(some: readonly Shown[], others: readonly Shown[]): Shown[] {
  return some.filter(
    ({ requestId, shownTo }) =>
      !others.some((other) => other.requestId === requestId && other.shownTo === shownTo),
  )
}
