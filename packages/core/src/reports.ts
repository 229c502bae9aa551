import type { Agent, PendingApproval, Report, Turn } from './agent.js'

type NewReport = Report extends infer Kind ? (Kind extends Report ? Omit<Kind, 'number'> : never) : never

/** Notes that something is worth telling, under the next number. */
export function addReport(agent: Agent, report: NewReport): Agent {
  return { ...agent, reports: [...agent.reports, { ...report, number: agent.reports.length + 1 }] }
}

/** What a report tells, once looked up in the agent. */
export type ReportContent =
  | { type: 'turn'; turn: Turn; number: number }
  | { type: 'approval'; request: PendingApproval }
  | { type: 'ending' }

/** The reports above `after` that still tell something: a question answered meanwhile does not. */
export function reportsAfter(agent: Agent, after: number): ReportContent[] {
  return agent.reports.slice(after).flatMap((report) => reportContent(agent, report) ?? [])
}

function reportContent(agent: Agent, report: Report): ReportContent | undefined {
  if (report.type === 'ending') return { type: 'ending' }
  if (report.type === 'turn') {
    const index = agent.turns.findLastIndex((turn) => turn.id === report.turnId)
    const turn = agent.turns[index]
    return turn && { type: 'turn', turn, number: index + 1 }
  }
  const request = pendingApprovals(agent).find((pending) => pending.report === report.number)
  return request && { type: 'approval', request }
}

/** The questions that wait for an answer, oldest first. */
export function pendingApprovals({ phase }: Agent): readonly PendingApproval[] {
  return phase.status === 'waiting-permission' ? phase.requests : none
}

/** Those of them that callers are told of: the others are before a user. */
export function openQuestions(agent: Agent): readonly PendingApproval[] {
  return pendingApprovals(agent).filter(({ shownTo }) => shownTo === undefined)
}

const none: readonly PendingApproval[] = []
