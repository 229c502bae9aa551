import {
  isRunning,
  takesMessages,
  type Agent,
  type NewReports,
  type WaitOutcome,
  type WaitResult,
} from '@subagent-mcp/core'
import { askingAgentData, reportsData, sharedData, type ReportsData } from './agent-data.js'
import { describeInOneLine, textLimits } from './describe-agent.js'
import { describeShared } from './describe-changes.js'
import { asksModel, describeQuestions } from './describe-question.js'
import { describeNews, type ReportStyle } from './describe-reports.js'
import type { ToolAnswer } from '../tool.js'
import { describeCut, type CallTime } from '../call-time.js'

type WaitStyle = Omit<ReportStyle, 'limit'> & { verbose: boolean; time: CallTime }

/**
 * The answer of the tool `wait`: each new report, then a line for each running agent. The number of running agents and the next step
 * come last, because Codex shows its user the last lines of an answer.
 */
export function describeWait(
  result: WaitResult,
  { verbose, time, ...port }: WaitStyle,
): ToolAnswer<ReportsData> {
  if (result.type === 'cancelled') return cancelled
  const style = { ...port, limit: limitOfEach(result.outcome.news, verbose) }
  const { news, known, running } = upToDate(result.outcome, style)
  const blocks = [
    ...news.map((item) => describeNews(item, style)),
    ...known.map((agent) => describeKnown(agent, style)),
    ...describeShared(style.changes.shared),
  ]
  const ended = result.type === 'done' ? undefined : describeCut(time)
  const seen = [...new Set([...news.map(({ agent }) => agent), ...known, ...running])]
  return {
    text: [...blocks, closing(ended, { news, known, running }, style)].join('\n\n'),
    data: () => ({
      timedOut: ended !== undefined,
      reports: reportsData(news, style),
      agents: seen.map((agent) => askingAgentData(agent, style)),
      ...sharedData(style.changes.shared),
    }),
    agents: seen,
  }
}

/** The agents with new reports in the result of a wait. */
export function reportedAgents(
  result: Pick<WaitResult, 'type'> & { outcome?: WaitOutcome },
): readonly Agent[] {
  return result.outcome?.news.map(({ agent }) => agent) ?? []
}

const cancelled: ToolAnswer<ReportsData> = {
  text: 'cancelled: nothing was taken, wait again',
  data: () => ({ timedOut: false, reports: [], agents: [] }),
  agents: [],
}

/** The most characters of each report, so that all reports together fit in the length that hosts accept for one result. */
function limitOfEach(news: readonly NewReports[], verbose: boolean): number {
  const count = news.reduce((sum, { reports }) => sum + reports.length, 0)
  const { report, verbose: whole, together } = textLimits
  return Math.min(verbose ? whole : report, Math.floor(together / Math.max(1, count)))
}

/** The current state of the agents of a wait. When a process dies, its turn ends first, and its agent immediately afterwards. */
function upToDate(
  { news, known, running }: WaitOutcome,
  { supervisor }: ReportStyle,
): Omit<WaitOutcome, 'done'> {
  const now = (agent: Agent): Agent => supervisor.state().agents.get(agent.profile.id) ?? agent
  return {
    news: news.map(({ agent, reports }) => ({ agent: now(agent), reports })),
    known: known.map(now),
    running: running.map(now).filter(isRunning),
  }
}

function describeKnown(agent: Agent, style: ReportStyle): string {
  const line = `${describeInOneLine(agent, style)}: already reported`
  const questions = describeQuestions(agent, style)
  return [line, ...(questions.length > 0 ? questions : ['next: poll_agent shows it again'])].join('\n')
}

function closing(
  timedOut: string | undefined,
  { news, known, running }: Omit<WaitOutcome, 'done'>,
  style: ReportStyle,
): string {
  if (running.length === 0) {
    return `no agent is running, next: ${nextStepOf([...news.map(({ agent }) => agent), ...known])}`
  }
  const ids = running.map(({ profile }) => profile.id).join(', ')
  // The suggested wait leaves out agents whose reports are all received, because it would end immediately with them.
  const wait = known.length > 0 ? `wait agent_ids=[${ids}]` : 'wait'
  const count = `${running.length} still running`
  const next = `next: ${wait} again, poll_agent for details, kill_agent to give up`
  const summary = timedOut === undefined ? `${count}, next: ${wait}` : `${timedOut}, ${count}, ${next}`
  return [...running.map((agent) => describeInOneLine(agent, style)), summary].join('\n')
}

/** Returns the caller's next step when no agent runs. */
function nextStepOf(agents: readonly Agent[]): string {
  if (agents.some(asksModel)) return 'respond_permission'
  return agents.some(takesMessages) ? 'send_message to follow up, or launch_agent' : 'launch_agent'
}
