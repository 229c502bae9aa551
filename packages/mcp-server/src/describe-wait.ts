import {
  agentFailure,
  agentStatus,
  isRunning,
  pendingApprovals,
  queuedMessages,
  takesMessages,
  type Agent,
  type News,
  type ReportContent,
  type Turn,
  type WaitOutcome,
  type WaitResult,
} from '@subagent-mcp/core'
import { cutText } from './cut-text.js'
import {
  agentHead,
  answerName,
  describeFailure,
  describeInOneLine,
  describeRequest,
  textLimits,
} from './describe-agent.js'
import { describeRoute } from './describe-route.js'
import type { McpPort } from './port.js'
import type { ToolAnswer } from './tool.js'

type Style = Pick<McpPort, 'supervisor' | 'stalledAfter' | 'saveText'> & { limit: number }

type WaitStyle = Omit<Style, 'limit'> & { verbose: boolean }

/** What `wait` says: each new report, then who still runs and what to do. */
export function describeWait(result: WaitResult, { verbose, ...port }: WaitStyle): ToolAnswer {
  if (result.type === 'cancelled') return { text: 'cancelled: nothing was taken, wait again', agents: [] }
  const style = { ...port, limit: limitOfEach(result.outcome.news, verbose) }
  const { news, known, running } = upToDate(result.outcome, style)
  const blocks = [
    ...news.map((item) => describeNews(item, style)),
    ...known.map((agent) => describeKnown(agent, style)),
  ]
  const seen = new Set([...news.map(({ agent }) => agent), ...known, ...running])
  return {
    text: [...blocks, closing(result.type, { news, known, running }, style)].join('\n\n'),
    agents: [...seen],
  }
}

/** Many answers share what a host lets through in one result. */
function limitOfEach(news: readonly News[], verbose: boolean): number {
  const count = news.reduce((sum, { reports }) => sum + reports.length, 0)
  const { report, verbose: whole, together } = textLimits
  return Math.min(verbose ? whole : report, Math.floor(together / Math.max(1, count)))
}

/** A process that dies ends its turn first and itself right after: what is told is what is true now. */
function upToDate({ news, known, running }: WaitOutcome, { supervisor }: Style): Omit<WaitOutcome, 'done'> {
  const now = (agent: Agent): Agent => supervisor.fleet().agents.get(agent.profile.id) ?? agent
  return {
    news: news.map(({ agent, reports }) => ({ agent: now(agent), reports })),
    known: known.map(now),
    running: running.map(now).filter(isRunning),
  }
}

function describeKnown(agent: Agent, style: Style): string {
  const line = `${describeInOneLine(agent, style)}: already reported`
  const requests = pendingApprovals(agent).map((request) =>
    describeRequest(agent.profile.id, request, style.saveText),
  )
  return [line, ...(requests.length > 0 ? requests : ['next: poll_agent shows it again'])].join('\n')
}

function closing(
  type: 'done' | 'timed-out',
  { news, known, running }: Omit<WaitOutcome, 'done'>,
  style: Style,
): string {
  if (running.length === 0) {
    return `no agent is running\nnext: ${nextOf([...news.map(({ agent }) => agent), ...known])}`
  }
  const lines = running.map((agent) => describeInOneLine(agent, style))
  const ids = running.map(({ profile }) => profile.id).join(', ')
  // Naming an agent of which all is told would end each next wait at once.
  const wait = known.length > 0 ? `wait agent_ids=[${ids}]` : 'wait'
  if (type === 'done') return ['still running:', ...lines, `next: ${wait}`].join('\n')
  const next = `next: ${wait} again, poll_agent for details, kill_agent to give up`
  return ['timed out; still running:', ...lines, next].join('\n')
}

/** What a caller can do when nothing runs; an agent that has ended takes no message. */
function nextOf(agents: readonly Agent[]): string {
  if (agents.some((agent) => pendingApprovals(agent).length > 0)) return 'respond_permission'
  return agents.some(takesMessages) ? 'send_message to follow up, or launch_agent' : 'launch_agent'
}

function describeNews({ agent, reports }: News, style: Style): string {
  return reports.map((report) => describeReport(agent, report, style)).join('\n')
}

function describeReport(agent: Agent, report: ReportContent, style: Style): string {
  const head = agentHead(agent)
  switch (report.type) {
    case 'turn':
      return [
        `${head} turn ${report.number} ${turnHead(report.turn)}`,
        ...(report.number === 1 ? describeRoute(agent) : []),
        ...turnBody(agent, report, style),
      ].join('\n')
    case 'approval':
      return `${head} ${describeRequest(agent.profile.id, report.request, style.saveText)}`
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

function turnHead({ outcome, startedAt, endedAt, usage }: Turn): string {
  const words = { completed: 'finished', failed: 'errored', interrupted: 'interrupted' }
  const tokens = usage ? `, ${usage.inputTokens ?? '?'} tokens in, ${usage.outputTokens ?? '?'} out` : ''
  return `${words[outcome.type]} in ${((endedAt - startedAt) / 1000).toFixed(1)} s${tokens}`
}

function turnBody(agent: Agent, { turn, number }: ReportContent & { type: 'turn' }, style: Style): string[] {
  const limit = style.limit
  const cut = (text: string): string =>
    cutText(text, { limit, save: () => style.saveText(answerName(agent, number), text) })
  switch (turn.outcome.type) {
    case 'completed':
      return [turn.outcome.answer.trim() ? cut(turn.outcome.answer) : emptyAnswer]
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

const emptyAnswer = 'EMPTY ANSWER: the turn ended without a word. next: send_message to ask for the result'

function retry(agent: Agent): string {
  return takesMessages(agent) ? 'next: send_message to try again' : 'the agent has ended\nnext: launch_agent'
}

/** A turn that was cut short is told by the agent's end alone. */
function saidBeforeEnd(agent: Agent, style: Style): string[] {
  const last = agent.turns.at(-1)
  if (last?.outcome.type !== 'interrupted') return []
  return saidBefore(last, (text) =>
    cutText(text, {
      limit: style.limit,
      save: () => style.saveText(answerName(agent, agent.turns.length), text),
    }),
  )
}

function saidBefore({ said }: Turn, cut: (text: string) => string): string[] {
  return said ? ['said before:', cut(said)] : []
}

/** Messages that died with the agent must not look delivered. */
function undelivered(agent: Agent): string[] {
  const count = queuedMessages(agent)
  return count > 0 && !isRunning(agent) ? [`${count} queued message(s) NOT delivered`] : []
}
