import { describeEvidence } from '@subagent-mcp/api'
import {
  findAgentFailure,
  computeAgentStatus,
  readProviderAndModel,
  willAgentReportUnprompted,
  countQueuedAgentMessages,
  doesAgentAcceptMessages,
  type Agent,
  type AgentWithNewReports,
  type AgentReportContent,
  type ReportTexts,
  type EndedTurn,
} from '@subagent-mcp/core'
import { maskSecrets } from '@subagent-mcp/permissions'
import { formatProviderModel } from '@subagent-mcp/routing'
import { cutTextAndSave, cutToOneLine } from './cut-text.js'
import { describeChangeCount, type ReportedChanges } from './describe-changes.js'
import { formatAgentHeading, formatAnswerFileName, describeFailure } from './describe-agent.js'
import { describeQuestion, type AnswerRecipient } from './describe-question.js'
import { describeFailedCandidates } from './describe-route.js'
import type { McpPort, SavedTextFile } from '../ports/mcp-port.js'

/**
 * Options of the description of reports. `limit`: the most characters of an agent's answer. `texts`: the agents' texts in the reports.
 * `changes`: what the agents edited.
 */
export type ReportTextOptions = Pick<McpPort, 'supervisor' | 'stalledAfter' | 'saveText'> &
  AnswerRecipient & { limit: number; texts: ReportTexts; changes: ReportedChanges }

/** Describes the new reports on an agent, each with its content and the next step. */
export function describeReports({ agent, reports }: AgentWithNewReports, style: ReportTextOptions): string {
  const blocks = reports.flatMap((report) => [
    ...(report.repeated ? ['repeated: this was sent before'] : []),
    describeReport(agent, report, style),
  ])
  return blocks.join('\n')
}

function describeReport(agent: Agent, report: AgentReportContent, style: ReportTextOptions): string {
  const head = formatAgentHeading(agent)
  switch (report.type) {
    case 'turn':
      return [
        `${head} turn ${report.number} ${turnHead(agent, report.turn)}`,
        ...(report.number === 1 ? describeFailedCandidates(agent) : []),
        ...turnBody(agent, report, style),
        ...describeCheck(agent, report.turn),
        ...describeChangeCount(agent, style.changes),
      ].join('\n')
    case 'approval':
      return `${head} ${describeQuestion(agent, report.request, style)}`
    case 'ending': {
      const now = style.supervisor.clock.now()
      const status = computeAgentStatus(agent, { now, stalledAfter: style.stalledAfter })
      return [
        `${head} ${status}`,
        ...describeFailure(findAgentFailure(agent)),
        ...saidBefore(agent, report, style),
        ...describeChangeCount(agent, style.changes),
        ...undelivered(agent),
        ...(doesAgentAcceptMessages(agent) ? ['next: send_message goes on in its session'] : []),
      ].join('\n')
    }
  }
}

function turnHead(agent: Agent, { outcome, startedAt, endedAt, usage }: EndedTurn): string {
  const words = { completed: 'finished', failed: 'errored', interrupted: 'interrupted' }
  const tokens = usage ? `, ${usage.inputTokens ?? '?'} tokens in, ${usage.outputTokens ?? '?'} out` : ''
  const seconds = ((endedAt - startedAt) / 1000).toFixed(1)
  return `${words[outcome.type]} in ${seconds} s on ${formatProviderModel(readProviderAndModel(agent))}${tokens}`
}

function turnBody(
  agent: Agent,
  report: AgentReportContent & { type: 'turn' },
  style: ReportTextOptions,
): string[] {
  const { outcome } = report.turn
  switch (outcome.type) {
    case 'completed':
      return [
        describeUnreadableText(report, style) ??
          cutReportedAgentText(agent, report, style) ??
          emptyAnswer(agent),
      ]
    case 'failed':
      return [
        ...describeFailure(outcome.failure),
        ...saidBefore(agent, report, style),
        ...undelivered(agent),
        retry(agent),
      ]
    case 'interrupted':
      return saidBefore(agent, report, style)
  }
}

/** The most characters of a line about the check of a result. */
const longestCheckLine = 300

/** Describes in two lines how the result of a turn was checked, for launches with `accept`. */
function describeCheck({ profile }: Agent, { check }: EndedTurn): string[] {
  if (!profile.accept || !check) return []
  const { grade, evidence, why = [] } = check
  const shown = (texts: readonly string[]): string =>
    cutToOneLine(maskSecrets(texts.join('; ').replace(/\s+/g, ' ')), longestCheckLine)
  const limits = why.length > 0 ? [`not graded higher: ${shown(why)}`] : []
  return [`grade: ${grade} (${shown(evidence.map(describeEvidence))})`, ...limits]
}

function saidBefore(agent: Agent, report: AgentReportContent, style: ReportTextOptions): string[] {
  const problem = describeUnreadableText(report, style)
  if (problem !== undefined) return [problem]
  const said = cutReportedAgentText(agent, report, style)
  return said === undefined ? [] : ['said before:', said]
}

/** Returns the agent's text in the turn of a report, cut to the limit; undefined if it is empty or could not be read. */
export function cutReportedAgentText(
  agent: Agent,
  report: AgentReportContent,
  { texts, limit, saveText }: Pick<ReportTextOptions, 'texts' | 'limit' | 'saveText'>,
): string | undefined {
  const read = texts.get(report)
  if (!read || !('text' in read) || !read.text.trim()) return undefined
  const save = (): SavedTextFile => saveText(formatAnswerFileName(agent, read.turnNumber), read.text)
  return cutTextAndSave(read.text, { limit, save })
}

/** Returns why the text of a report could not be read, and what the caller can do; undefined if it was read. */
export function describeUnreadableText(
  report: AgentReportContent,
  { texts }: Pick<ReportTextOptions, 'texts'>,
): string | undefined {
  const read = texts.get(report)
  if (!read || !('problem' in read)) return undefined
  const { message, hint } = read.problem
  const repair = hint === undefined ? '' : ` (${hint})`
  return `ANSWER NOT READ: ${message}${repair}. This report does not count as received: wait returns it again.`
}

function emptyAnswer({ profile }: Agent): string {
  const next = profile.pool ? 'invoke again' : 'send_message to ask for the result'
  return `EMPTY ANSWER: the turn ended without a word. next: ${next}`
}

function retry(agent: Agent): string {
  if (agent.profile.pool) return 'next: invoke again'
  return doesAgentAcceptMessages(agent)
    ? 'next: send_message to try again'
    : 'the agent has ended\nnext: launch_agent'
}

/** Returns a line with the number of queued messages that an ended agent never got; otherwise these messages would look delivered. */
function undelivered(agent: Agent): string[] {
  const count = countQueuedAgentMessages(agent)
  return count > 0 && !willAgentReportUnprompted(agent) ? [`${count} queued message(s) NOT delivered`] : []
}
