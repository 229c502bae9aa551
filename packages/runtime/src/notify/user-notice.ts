import type { AgentStatus } from '@subagent-mcp/api'
import {
  computeAgentStatus,
  listAnswerableQuestions,
  formatToolCallOnOneLine,
  type Agent,
  type StatusTime,
} from '@subagent-mcp/core'
import { maskSecrets } from '@subagent-mcp/permissions'
import { basename } from 'node:path'

/** The events of which a user can be notified: an agent asks for permission, or its turn or the agent itself ended. */
export const notifyEvents = ['asks', 'ended'] as const
export type NotifyEvent = (typeof notifyEvents)[number]

/** A message to the user about agents. Its texts are short, have secrets masked, and contain no answer of an agent. */
export type UserNotice = { event: NotifyEvent; title: string; text: string; agents: readonly NoticedAgent[] }

/** An agent in a notice. `project` is the name of its project's folder, `asks` the call for which it asks permission. */
export type NoticedAgent = { id: string; name: string; project: string; status: AgentStatus; asks?: string }

/** Describes agents to which the same event happened, in one message. */
export function createUserNotice(event: NotifyEvent, agents: readonly Agent[], time: StatusTime): UserNotice {
  const noticed = agents.map((agent) => noticedAgent(event, agent, time))
  return { event, ...wordsOf(event, noticed), agents: noticed }
}

/** The notice of `subagent-mcp notify --test`, with which a user checks whether notices arrive. */
export const notifyTestNotice: UserNotice = {
  event: 'ended',
  title: 'subagent-mcp',
  text: 'This is a test: you will be notified of your agents like this.',
  agents: [],
}

const longestName = 40
const longestCall = 120
const mostNamed = 5

function noticedAgent(event: NotifyEvent, agent: Agent, time: StatusTime): NoticedAgent {
  const { id, name, cwd, project } = agent.profile
  const question = event === 'asks' ? listAnswerableQuestions(agent).at(-1) : undefined
  return {
    id,
    name: oneLine(name ?? id, longestName),
    project: oneLine(basename(project), longestName),
    status: computeAgentStatus(agent, time),
    ...(question && { asks: oneLine(formatToolCallOnOneLine(question, cwd), longestCall) }),
  }
}

function wordsOf(event: NotifyEvent, agents: readonly NoticedAgent[]): Pick<UserNotice, 'title' | 'text'> {
  const [first, ...others] = agents
  if (first && others.length === 0)
    return event === 'asks'
      ? { title: `${nameText(first)} asks for permission`, text: first.asks ?? unread }
      : { title: `${nameText(first)} ${endText(first)}`, text: unread }
  const lines = agents
    .slice(0, mostNamed)
    .map((agent) => `${nameText(agent)}${event === 'asks' ? `: ${agent.asks ?? ''}` : ` ${endText(agent)}`}`)
  const rest = agents.length > mostNamed ? [`and ${agents.length - mostNamed} more`] : []
  const title = `${agents.length} agents ${event === 'asks' ? 'ask for permission' : 'have ended'}`
  return { title, text: [...lines, ...rest].join('\n') }
}

const unread = 'Its host session has not read this yet.'

function nameText({ name, project }: NoticedAgent): string {
  return `${name} (${project})`
}

function endText({ status }: NoticedAgent): string {
  if (status === 'errored') return 'has failed'
  return status === 'interrupted' ? 'was interrupted' : 'has finished'
}

/** The most characters that are searched for secrets. It is more than the longest key, because a part of a key is not recognized. */
const searched = 20_000

/** A text without secrets and control characters, on one line and cut at a length. */
function oneLine(text: string, most: number): string {
  const line = maskSecrets(text.slice(0, searched))
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
  return (line.length > most ? `${line.slice(0, most - 1)}…` : line).toWellFormed()
}
