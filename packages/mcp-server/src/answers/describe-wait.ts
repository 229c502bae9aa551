import {
  willAgentReportUnprompted,
  readReportTexts,
  doesAgentAcceptMessages,
  type Agent,
  type AgentWithNewReports,
  type AgentWaitOutcome,
  type ReportWaitResult,
} from '@subagent-mcp/core'
import { toAskingAgentData, toReportsData, toSharedEditData, type ReportsData } from './agent-data.js'
import { describeAgentInOneLine, agentTextLimits } from './describe-agent.js'
import { describeSharedEdits } from './describe-changes.js'
import { hasRequestForModel, describeQuestions } from './describe-question.js'
import { describeReports, type ReportTextOptions } from './describe-reports.js'
import type { McpToolAnswer } from '../mcp-tool.js'
import { describeHostTimeLimit, type CallTimeLimit } from '../call-time-limit.js'

type EndedWait = Pick<Exclude<ReportWaitResult, { type: 'cancelled' }>, 'type' | 'outcome'>

type WaitStyle = Omit<ReportTextOptions, 'limit' | 'texts'> & { verbose: boolean; time: CallTimeLimit }

/**
 * The answer of the tool `wait`: each new report, then a line for each running agent. The number of running agents and the next step
 * come last, because Codex shows its user the last lines of an answer.
 */
export function describeWait(
  { type, outcome }: EndedWait,
  { verbose, time, ...port }: WaitStyle,
): McpToolAnswer<ReportsData> {
  const texts = readReportTexts(port.supervisor, outcome.news)
  const style = { ...port, texts, limit: limitOfEach(outcome.news, verbose) }
  const { news, known, running } = upToDate(outcome, style)
  const blocks = [
    ...news.map((item) => describeReports(item, style)),
    ...known.map((agent) => describeKnown(agent, style)),
    ...describeSharedEdits(style.changes.shared),
  ]
  const ended = type === 'done' ? undefined : describeHostTimeLimit(time)
  const seen = [...new Set([...news.map(({ agent }) => agent), ...known, ...running])]
  return {
    text: [...blocks, closing(ended, { news, known, running }, style)].join('\n\n'),
    data: () => ({
      timedOut: ended !== undefined,
      reports: toReportsData(news, style),
      agents: seen.map((agent) => toAskingAgentData(agent, style)),
      ...toSharedEditData(style.changes.shared),
    }),
    agents: seen,
  }
}

export function listAgentsWithNewReports({ outcome }: EndedWait): readonly Agent[] {
  return outcome.news.map(({ agent }) => agent)
}

/** The answer of the tool `wait` to a call that the host has cancelled. */
export const cancelledWaitAnswer: McpToolAnswer<ReportsData> = {
  text: 'cancelled: nothing was taken, wait again',
  data: () => ({ timedOut: false, reports: [], agents: [] }),
  agents: [],
}

/** The most characters of each report, so that all reports together fit in the length that hosts accept for one result. */
function limitOfEach(news: readonly AgentWithNewReports[], verbose: boolean): number {
  const count = news.reduce((sum, { reports }) => sum + reports.length, 0)
  const { report, verbose: whole, together } = agentTextLimits
  return Math.min(verbose ? whole : report, Math.floor(together / Math.max(1, count)))
}

/** The current state of the agents of a wait. When a process dies, its turn ends first, and its agent immediately afterwards. */
function upToDate(
  { news, known, running }: AgentWaitOutcome,
  { supervisor }: ReportTextOptions,
): Omit<AgentWaitOutcome, 'done'> {
  const now = (agent: Agent): Agent => supervisor.state().agents.get(agent.profile.id) ?? agent
  return {
    news: news.map(({ agent, reports }) => ({ agent: now(agent), reports })),
    known: known.map(now),
    running: running.map(now).filter(willAgentReportUnprompted),
  }
}

function describeKnown(agent: Agent, style: ReportTextOptions): string {
  const line = `${describeAgentInOneLine(agent, style)}: already reported`
  const questions = describeQuestions(agent, style)
  return [line, ...(questions.length > 0 ? questions : ['next: poll_agent shows it again'])].join('\n')
}

function closing(
  timedOut: string | undefined,
  { news, known, running }: Omit<AgentWaitOutcome, 'done'>,
  style: ReportTextOptions,
): string {
  if (running.length === 0) {
    return `no agent is running, next: ${nextStepOf([...news.map(({ agent }) => agent), ...known])}`
  }
  const ids = running.map(({ profile }) => profile.id).join(', ')
  // The suggested `wait` names no agents whose reports are all received, because a wait for these agents would end immediately.
  const wait = known.length > 0 ? `wait agent_ids=[${ids}]` : 'wait'
  const count = `${running.length} still running`
  const next = `next: ${wait} again, poll_agent for details, kill_agent to give up`
  const summary = timedOut === undefined ? `${count}, next: ${wait}` : `${timedOut}, ${count}, ${next}`
  return [...running.map((agent) => describeAgentInOneLine(agent, style)), summary].join('\n')
}

/** Returns the caller's next step when no agent runs. */
function nextStepOf(agents: readonly Agent[]): string {
  if (agents.some(hasRequestForModel)) return 'respond_permission'
  return agents.some(doesAgentAcceptMessages) ? 'send_message to follow up, or launch_agent' : 'launch_agent'
}
