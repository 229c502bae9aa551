import type { Agent, PendingApproval, AgentReport, EndedTurn } from './agent.js'

type NewReport = AgentReport extends infer Kind
  ? Kind extends AgentReport
    ? Omit<Kind, 'number'>
    : never
  : never

/** Notes that something is worth telling, under the next number. */
export function addReport(agent: Agent, report: NewReport): Agent {
  return { ...agent, reports: [...agent.reports, { ...report, number: agent.reports.length + 1 }] }
}

/** What a report tells, once looked up in the agent. */
export type ReportContent =
  | { type: 'turn'; turn: EndedTurn; number: number }
  | { type: 'approval'; request: PendingApproval }
  | { type: 'ending' }

/** The reports above `after` that still tell something: a question answered meanwhile does not. */
export function reportsAfter(agent: Agent, after: number): ReportContent[] {
  return agent.reports.slice(after).flatMap((report) => reportContent(agent, report) ?? [])
}

function reportContent(agent: Agent, report: AgentReport): ReportContent | undefined {
  if (report.type === 'ending') return { type: 'ending' }
  if (report.type === 'turn') {
    const index = agent.turns.findLastIndex((turn) => turn.id === report.turnId)
    const turn = agent.turns[index]
    return turn && { type: 'turn', turn, number: index + 1 }
  }
  const request = askedQuestions(agent).find((asked) => asked.report === report.number)
  return request && { type: 'approval', request }
}

/** The questions for which a turn waits, oldest first. */
export function pendingApprovals({ phase }: Agent): readonly PendingApproval[] {
  return phase.status === 'waiting-permission' ? phase.requests : none
}

/** All questions that can be answered: those that were parked first. An agent that was stopped asks nothing. */
export function askedQuestions(agent: Agent): readonly PendingApproval[] {
  const { phase, parked } = agent
  const isOver = phase.status === 'closing' || phase.status === 'ended'
  if (parked.length === 0 || (isOver && phase.ending.type === 'stopped')) return pendingApprovals(agent)
  return [...parked, ...pendingApprovals(agent)]
}

/** The questions of a turn that callers are told of: the others are before a user. */
export function openQuestions(agent: Agent): readonly PendingApproval[] {
  return pendingApprovals(agent).filter(({ shownTo }) => shownTo === undefined)
}

const none: readonly PendingApproval[] = []
