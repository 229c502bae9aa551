import {
  listAnswerableQuestions,
  formatToolCallWithInput,
  listOpenQuestions,
  listPendingApprovals,
  type Agent,
  type PendingApproval,
} from '@subagent-mcp/core'
import { cutMiddleOfText } from './cut-text.js'
import type { McpPort, SavedTextFile } from '../ports/mcp-port.js'

/** The most characters of a tool call that a model is shown. */
const shownCall = 1_600

/** The caller that gets a tool's answer. The answer says whether the user is being asked in this caller's host or in another one. */
export type AnswerRecipient = { caller: string; client: string | undefined }

type Style = Pick<McpPort, 'supervisor' | 'saveText'> & AnswerRecipient

/** Describes each permission request of an agent: the tool call, the deadline, who may answer, and the next step. */
export function describeQuestions(agent: Agent, style: Style): string[] {
  return listAnswerableQuestions(agent).map((request) => describeQuestion(agent, request, style))
}

/** Describes an open permission request: the tool call, and how the caller answers it. */
export function describeQuestion(agent: Agent, request: PendingApproval, style: Style): string {
  const { requestId, until } = request
  const whole = formatToolCallWithInput(request)
  const name = `${agent.profile.id}-permission-${requestId.replace(/[^\w-]/g, '_')}`
  const save = (): SavedTextFile => style.saveText(name, whole)
  return [
    `asks permission ${requestId}: ${cutMiddleOfText(whole, { limit: shownCall, save })}`,
    ...(request.parked ? ['nobody answered in time: it stays open, and an answer wakes the agent'] : []),
    ...(until === undefined ? [] : [deadline(until - style.supervisor.clock.now())]),
    ...nextSteps(agent, request, style),
  ].join('\n')
}

/** Whether an agent has a permission request that a model may allow. */
export function hasRequestForModel(agent: Agent): boolean {
  return listOpenQuestions(agent).some(({ humanOnly }) => !humanOnly)
}

/** Returns a note if the host's user is being asked, or if only a person may allow an agent's tool call. */
export function describeWhoMayAnswer(agent: Agent, reader: AnswerRecipient): string[] {
  const pending = listPendingApprovals(agent)
  const shown = pending.find(({ shownTo }) => shownTo !== undefined)
  const forPerson = listOpenQuestions(agent).some(({ humanOnly }) => humanOnly)
  return [
    ...(shown ? [userIsAsked(shown, reader)] : []),
    ...(forPerson ? ['only a person may allow what it asks'] : []),
  ]
}

function deadline(left: number): string {
  const seconds = Math.max(0, Math.ceil(left / 1000))
  return `denied in ${seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} if nobody answers`
}

function nextSteps(agent: Agent, request: PendingApproval, reader: AnswerRecipient): string[] {
  const { id, pool } = agent.profile
  // A wait covers a task only if it names the task's id.
  const wait = pool ? `wait agent_ids=[${id}]` : 'wait'
  if (request.shownTo !== undefined) return [userIsAsked(request, reader), `next: ${wait}`]
  // The next step names the request's id, so that a late answer does not go to a newer question.
  const respond = `respond_permission agent_id=${id} request_id=${request.requestId} decision=`
  if (!request.humanOnly) return [`next: ${respond}allow|deny`, ...(pool ? [`then: ${wait}`] : [])]
  const why = request.by === undefined ? '' : ` (${request.by})`
  if (request.parked)
    return [`only a person may allow it${why}; tell the user: subagent-mcp permissions`, `or: ${respond}deny`]
  return [
    `only a person may allow it${why}; tell the user: subagent-mcp permissions`,
    `next: ${wait}, or ${respond}deny`,
  ]
}

function userIsAsked({ shownTo }: PendingApproval, { caller, client }: AnswerRecipient): string {
  const host = shownTo === caller ? (client ?? 'this host') : 'the host that launched it'
  return `the user is being asked in ${host}`
}
