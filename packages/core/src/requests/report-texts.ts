import { SubagentError } from '@subagent-mcp/contract'
import type { Agent, EndedTurn } from '../agent/agent.js'
import type { AgentReportContent } from '../agent/reports.js'
import { loadTurnText } from '../journal/turn-text.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import type { AgentWithNewReports } from './agent-wait-outcome.js'

/** The agent's text in the turn with this number, or the reason why the journal could not read it. */
export type ReportText = { turnNumber: number } & ({ text: string } | { problem: SubagentError })

/** The texts of reports. A report without a turn has none. */
export type ReportTexts = ReadonlyMap<AgentReportContent, ReportText>

/**
 * Reads the texts of reports that a caller is about to get. If one of an agent's texts cannot be read, none of that agent's reports
 * counts as received when the answer has arrived, so that they come again once the journal is repaired.
 */
export function readReportTexts(supervisor: Supervisor, news: readonly AgentWithNewReports[]): ReportTexts {
  const texts = new Map<AgentReportContent, ReportText>()
  const unreadable: Record<string, number> = {}
  for (const { agent, reports } of news) {
    for (const report of reports) {
      const text = readReportText(supervisor, agent, report)
      if (text) texts.set(report, text)
      if (text && 'problem' in text) unreadable[agent.profile.id] = agent.reports.length
    }
  }
  const before = supervisor.state().unreadable
  const read = news.map(({ agent }) => agent.profile.id).filter((id) => before.has(id))
  if (read.length > 0 || Object.keys(unreadable).length > 0)
    supervisor.dispatch({ type: 'texts-read', at: supervisor.clock.now(), read, unreadable })
  return texts
}

function readReportText(
  supervisor: Supervisor,
  agent: Agent,
  report: AgentReportContent,
): ReportText | undefined {
  const turn = turnOf(agent, report)
  if (!turn) return undefined
  const { ended, turnNumber } = turn
  try {
    return { turnNumber, text: loadTurnText(supervisor, agent, ended) }
  } catch (error) {
    if (error instanceof SubagentError) return { turnNumber, problem: error }
    throw error
  }
}

/**
 * The turn of a report. The report of an agent's end has the text of the interrupted last turn, because that turn has no report of its
 * own.
 */
function turnOf(
  agent: Agent,
  report: AgentReportContent,
): { ended: EndedTurn; turnNumber: number } | undefined {
  if (report.type === 'turn') return { ended: report.turn, turnNumber: report.number }
  const last = agent.turns.at(-1)
  const isTold = report.type === 'approval' || last?.outcome.type !== 'interrupted'
  return isTold ? undefined : { ended: last, turnNumber: agent.turns.length }
}
