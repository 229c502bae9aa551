import type { ApprovalDecision, SessionCommand } from '@subagent-mcp/contract'
import type { JsonRpcRequest } from '@subagent-mcp/driver-kit'
import { step, toolEnded, type Conversation, type Question, type Step } from './conversation.js'
import { permission } from './requests.js'
import { startTool, toolInput, toolName } from './tools.js'
import { PermissionParams, type PermissionOption } from './wire.js'

/** A permission request; `undefined` when it is something else or cannot be read. */
export function readQuestion(conversation: Conversation, request: JsonRpcRequest): Step | undefined {
  if (request.method !== 'session/request_permission') return undefined
  const { data } = PermissionParams.safeParse(request.params)
  if (data === undefined) return undefined
  const { toolCall, options } = data
  const { turn, choices } = conversation
  const requestId = String(request.id)
  if (turn?.phase.type !== 'running') {
    return step(conversation, {}, { replies: [{ requestId, result: permission(undefined) }] })
  }
  const asked = { requestId, tool: toolName(toolCall), input: toolInput(toolCall) }
  const question: Question = { ...asked, callId: toolCall.toolCallId, options }
  const started = startTool(conversation, turn, toolCall)
  const waiting = step(
    started.conversation,
    { questions: [...conversation.questions, question] },
    { events: started.events },
  )
  if (choices.answers === 'asks') {
    return { ...waiting, events: [...waiting.events, { type: 'approval-requested', ...asked }] }
  }
  const decision = choices.answers === 'allows' ? 'allow' : 'deny'
  const reason = 'this session may only read'
  const decided = answer(waiting.conversation, { type: 'answer', requestId, decision, reason })
  return { ...decided, events: [...waiting.events, ...decided.events] }
}

/** Answers a question, never for more than this once. */
export function answer(
  conversation: Conversation,
  command: Extract<SessionCommand, { type: 'answer' }>,
): Step {
  const { requestId, decision, reason = 'the request was denied' } = command
  const { turn, questions } = conversation
  const question = questions.find((other) => other.requestId === requestId)
  if (question === undefined || turn === undefined) {
    const text = `nothing waits for an answer to ${requestId}`
    return step(conversation, {}, { events: [{ type: 'notice', text }] })
  }
  const { callId } = question
  const option = optionFor(decision, question.options)
  const others = questions.filter((other) => other !== question)
  const replies = [{ requestId, result: permission(option) }]
  if (decision === 'allow' && option !== undefined) {
    return step(conversation, { questions: others }, { replies })
  }
  // The agent need not say of a call that was denied how it ended.
  const output = decision === 'allow' ? 'the agent gives no way to allow it once' : reason
  return step(
    conversation,
    { questions: others, turn: { ...turn, tools: { ...turn.tools, [callId]: 'ended' }, asksModel: true } },
    { replies, events: [toolEnded(callId, { failed: true, output })] },
  )
}

function optionFor(decision: ApprovalDecision, options: readonly PermissionOption[]): string | undefined {
  const kind = decision === 'allow' ? 'allow_once' : 'reject_once'
  return options.find((option) => option.kind === kind)?.optionId
}
