import type { Agent, CallGrant, AgentMessage, PendingApproval } from '../agent/agent.js'
import type { AgentFact } from '../state/fact.js'
import { formatToolCallOnOneLine } from './format-tool-call.js'
import { formatToolCallWithInput } from '../agent/activity.js'
import { addAgentReport } from '../agent/reports.js'

/** The reason that a CLI gets with the denial of a question that stays open. */
export const parkedQuestionDenialReason =
  'nobody has answered yet, and the question stays open: do what you can without it, then end your turn and say what ' +
  'waits for the answer; you will be told when it comes'

/** The most parked questions of one agent. */
const mostParked = 20

/** Whether questions of the agent stay open when they expire. */
export function keepsExpiredQuestionsOpen({ profile, parked }: Agent): boolean {
  return profile.unanswered === 'park' && !profile.pool && parked.length < mostParked
}

/**
 * Parks unanswered questions, so that they can be answered after the turn. Equal questions are parked once; each gets a new id and
 * a report.
 */
export function parkQuestions(agent: Agent, requests: readonly PendingApproval[]): Agent {
  return requests.reduce(
    (parking, request) => (keepsExpiredQuestionsOpen(parking) ? parkQuestion(parking, request) : parking),
    agent,
  )
}

function parkQuestion(agent: Agent, request: PendingApproval): Agent {
  const { until: _until, shownTo: _shownTo, passed: _passed, report: _report, ...question } = request
  if (agent.parked.some((other) => isSameCall(agent, other, question))) return agent
  const requestId = `parked-${agent.reports.length + 1}`
  const told = addAgentReport(agent, (number) => ({ type: 'approval', requestId, number }))
  const parked: PendingApproval = { ...question, requestId, parked: true, report: told.reports.length }
  return { ...told, parked: [...told.parked, parked] }
}

/** Removes an answered parked question. If it was allowed, one identical call is allowed (a grant). */
export function answerParkedQuestion(
  agent: Agent,
  question: PendingApproval,
  { requestId, decision, by, who, at, notice }: AgentFact & { type: 'answer-requested' },
): Agent {
  const { tool, input } = question
  const answered = [...agent.answered, { requestId, tool, decision, by, who, at }]
  const isGranted = decision === 'allow' && notice !== undefined
  const byPerson = by === 'terminal' || by === 'elicitation'
  const granted = isGranted
    ? [...agent.granted, { tool, input, turnId: notice.message.id, who, byPerson }]
    : agent.granted
  return { ...agent, parked: agent.parked.filter((other) => other !== question), answered, granted }
}

/** The message to an agent about the answer to its parked question. */
export function formatParkedAnswerNotice(
  question: PendingApproval,
  decision: 'allow' | 'deny',
  reason?: string,
): string {
  const call = formatToolCallWithInput(question)
  const why = reason === undefined ? '' : ` The reason: ${reason}`
  return decision === 'allow'
    ? `Your question from before is answered: you may do this now, if it is still needed. The same call is allowed once.\n${call}`
    : `Your question from before is answered: this is not allowed.${why}\n${call}`
}

/** The agent's unused grant for this call. */
export function findCallGrant(
  agent: Agent,
  call: Pick<PendingApproval, 'tool' | 'input'>,
): CallGrant | undefined {
  return agent.granted.find((grant) => isSameCall(agent, grant, call))
}

/** Removes the agent's grant for this call, which has used it. */
export function removeCallGrant(agent: Agent, call: Pick<PendingApproval, 'tool' | 'input'>): Agent {
  const used = findCallGrant(agent, call)
  return { ...agent, granted: agent.granted.filter((grant) => grant !== used) }
}

/** Removes an agent's grants that were valid until the end of this turn. */
export function removeCallGrantsOfTurn(agent: Agent, turnId: AgentMessage['id']): Agent {
  if (agent.granted.length === 0) return agent
  return { ...agent, granted: agent.granted.filter((grant) => grant.turnId !== turnId) }
}

/** Returns the agent with only those grants whose notice is still in `inbox`. */
export function retainCallGrantsOfInbox(agent: Agent, inbox: readonly AgentMessage[]): Agent {
  if (agent.granted.length === 0) return agent
  const granted = agent.granted.filter(({ turnId }) => inbox.some(({ id }) => id === turnId))
  return { ...agent, granted }
}

/** Whether two calls show the same text to a person, which makes them the same call for a grant. */
function isSameCall(
  { profile: { cwd } }: Agent,
  one: Pick<PendingApproval, 'tool' | 'input'>,
  other: Pick<PendingApproval, 'tool' | 'input'>,
): boolean {
  return formatToolCallOnOneLine(one, cwd) === formatToolCallOnOneLine(other, cwd)
}
