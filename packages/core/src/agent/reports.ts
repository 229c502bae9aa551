import type { Agent, PendingApproval, AgentReport, EndedTurn } from './agent.js'

/** Appends a report to the agent's reports, with the next number. */
export function addAgentReport(agent: Agent, reportOf: (number: number) => AgentReport): Agent {
  return { ...agent, reports: [...agent.reports, reportOf(agent.reports.length + 1)] }
}

/**
 * A report with the turn or question that it announces. `repeated`: the report was already sent on a connection that has ended, so
 * the caller may have received it.
 */
export type AgentReportContent = { repeated?: true } & (
  | { type: 'turn'; turn: EndedTurn; number: number }
  | { type: 'approval'; request: PendingApproval }
  | { type: 'ending' }
)

/**
 * The reports after number `after`, without reports of questions that were answered since. Reports up to number `offered` are
 * marked `repeated`.
 */
export function selectAgentReportsAfter(agent: Agent, after: number, offered = 0): AgentReportContent[] {
  return agent.reports.slice(after).flatMap((report) => {
    const content = reportContent(agent, report)
    return content ? [report.number <= offered ? { ...content, repeated: true as const } : content] : []
  })
}

function reportContent(agent: Agent, report: AgentReport): AgentReportContent | undefined {
  if (report.type === 'ending') return { type: 'ending' }
  if (report.type === 'turn') {
    const index = agent.turns.findLastIndex((turn) => turn.id === report.turnId)
    const turn = agent.turns[index]
    return turn && { type: 'turn', turn, number: index + 1 }
  }
  const request = listAnswerableQuestions(agent).find((asked) => asked.report === report.number)
  return request && { type: 'approval', request }
}

/** The questions for which the running turn waits, oldest first. */
export function listPendingApprovals({ phase }: Agent): readonly PendingApproval[] {
  return phase.status === 'waiting-permission' ? phase.requests : none
}

/** All questions of the agent that can be answered, parked ones first. A stopped agent has none. */
export function listAnswerableQuestions(agent: Agent): readonly PendingApproval[] {
  const { phase, parked } = agent
  const isOver = phase.status === 'closing' || phase.status === 'ended'
  if (parked.length === 0 || (isOver && phase.ending.type === 'stopped')) return listPendingApprovals(agent)
  return [...parked, ...listPendingApprovals(agent)]
}

/** The questions of the running turn that callers must answer, because no user is being asked. */
export function listOpenQuestions(agent: Agent): readonly PendingApproval[] {
  return listPendingApprovals(agent).filter(({ shownTo }) => shownTo === undefined)
}

const none: readonly PendingApproval[] = []
