import {
  agentFailure,
  agentStatus,
  providerAndModel,
  isRunning,
  queuedMessages,
  takesMessages,
  type Agent,
  type NewReports,
  type ReportContent,
  type EndedTurn,
} from '@subagent-mcp/core'
import { modelName } from '@subagent-mcp/routing'
import { cutText } from './cut-text.js'
import { agentHeading, answerFileName, describeFailure } from './describe-agent.js'
import { describeQuestion, type AnswerReader } from './describe-question.js'
import { describeRoute } from './describe-route.js'
import type { McpPort } from '../ports/mcp-port.js'

/** What reports are described with; `limit` is the number of characters of an agent's answer that are shown. */
export type ReportStyle = Pick<McpPort, 'supervisor' | 'stalledAfter' | 'saveText'> &
  AnswerReader & { limit: number }

/** Describes the new reports on an agent, each with its content and the next step. */
export function describeNews({ agent, reports }: NewReports, style: ReportStyle): string {
  const blocks = reports.flatMap((report) => [
    ...(report.repeated ? ['repeated: this was sent before on another connection'] : []),
    describeReport(agent, report, style),
  ])
  return blocks.join('\n')
}

function describeReport(agent: Agent, report: ReportContent, style: ReportStyle): string {
  const head = agentHeading(agent)
  switch (report.type) {
    case 'turn':
      return [
        `${head} turn ${report.number} ${turnHead(agent, report.turn)}`,
        ...(report.number === 1 ? describeRoute(agent) : []),
        ...turnBody(agent, report, style),
      ].join('\n')
    case 'approval':
      return `${head} ${describeQuestion(agent, report.request, style)}`
    case 'ending': {
      const now = style.supervisor.clock.now()
      const status = agentStatus(agent, { now, stalledAfter: style.stalledAfter })
      return [
        `${head} ${status}`,
        ...describeFailure(agentFailure(agent)),
        ...saidBeforeEnd(agent, style),
        ...undelivered(agent),
        ...(takesMessages(agent) ? ['next: send_message goes on in its session'] : []),
      ].join('\n')
    }
  }
}

function turnHead(agent: Agent, { outcome, startedAt, endedAt, usage }: EndedTurn): string {
  const words = { completed: 'finished', failed: 'errored', interrupted: 'interrupted' }
  const tokens = usage ? `, ${usage.inputTokens ?? '?'} tokens in, ${usage.outputTokens ?? '?'} out` : ''
  const seconds = ((endedAt - startedAt) / 1000).toFixed(1)
  return `${words[outcome.type]} in ${seconds} s on ${modelName(providerAndModel(agent))}${tokens}`
}

function turnBody(
  agent: Agent,
  { turn, number }: ReportContent & { type: 'turn' },
  style: ReportStyle,
): string[] {
  const limit = style.limit
  const cut = (text: string): string =>
    cutText(text, { limit, save: () => style.saveText(answerFileName(agent, number), text) })
  switch (turn.outcome.type) {
    case 'completed':
      return [turn.outcome.answer.trim() ? cut(turn.outcome.answer) : emptyAnswer(agent)]
    case 'failed':
      return [
        ...describeFailure(turn.outcome.failure),
        ...saidBefore(turn, cut),
        ...undelivered(agent),
        retry(agent),
      ]
    case 'interrupted':
      return saidBefore(turn, cut)
  }
}

function emptyAnswer({ profile }: Agent): string {
  const next = profile.pool ? 'invoke again' : 'send_message to ask for the result'
  return `EMPTY ANSWER: the turn ended without a word. next: ${next}`
}

function retry(agent: Agent): string {
  if (agent.profile.pool) return 'next: invoke again'
  return takesMessages(agent) ? 'next: send_message to try again' : 'the agent has ended\nnext: launch_agent'
}

/** Returns the text of an interrupted last turn, which has no report of its own. */
function saidBeforeEnd(agent: Agent, style: ReportStyle): string[] {
  const last = agent.turns.at(-1)
  if (last?.outcome.type !== 'interrupted') return []
  return saidBefore(last, (text) =>
    cutText(text, {
      limit: style.limit,
      save: () => style.saveText(answerFileName(agent, agent.turns.length), text),
    }),
  )
}

function saidBefore({ said }: EndedTurn, cut: (text: string) => string): string[] {
  return said ? ['said before:', cut(said)] : []
}

/** Reports how many queued messages an ended agent never got, because they must not look delivered. */
function undelivered(agent: Agent): string[] {
  const count = queuedMessages(agent)
  return count > 0 && !isRunning(agent) ? [`${count} queued message(s) NOT delivered`] : []
}
