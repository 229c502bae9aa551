import type { ToolApprovalDecision } from '@subagent-mcp/contract'
import {
  createNoSuchRequestNotice,
  type SessionCommandOfType,
  type JsonRpcRequest,
} from '@subagent-mcp/driver-kit'
import {
  createAcpStep,
  createToolEndedEvent,
  type AcpConversation,
  type OpenAcpPermission,
  type AcpStep,
} from './conversation.js'
import { createPermissionResult } from './requests.js'
import { getAcpToolName, onAcpToolStart, getAcpToolInput } from './tools.js'
import { AcpPermissionParams, type PermissionOption } from './wire.js'

/** Turns a permission request into an approval request, or answers it by the preset. Undefined for other requests. */
export function readAcpPermissionRequest(
  conversation: AcpConversation,
  request: JsonRpcRequest,
): AcpStep | undefined {
  if (request.method !== 'session/request_permission') return undefined
  const { data } = AcpPermissionParams.safeParse(request.params)
  if (data === undefined) return undefined
  const { toolCall, options } = data
  const { turn, choices } = conversation
  const requestId = String(request.id)
  if (turn?.phase.type !== 'running') {
    return createAcpStep(
      conversation,
      {},
      { replies: [{ requestId, result: createPermissionResult(undefined) }] },
    )
  }
  const asked = { requestId, tool: getAcpToolName(toolCall), input: getAcpToolInput(toolCall) }
  const permission: OpenAcpPermission = { ...asked, callId: toolCall.toolCallId, options }
  const started = onAcpToolStart(conversation, turn, toolCall)
  const waiting = createAcpStep(
    started.conversation,
    { approvals: [...conversation.approvals, permission] },
    { events: started.events },
  )
  if (choices.answers === 'asks') {
    return { ...waiting, events: [...waiting.events, { type: 'approval-requested', ...asked }] }
  }
  const decision = choices.answers === 'allows' ? 'allow' : 'deny'
  const reason = 'this session may only read'
  const decided = replyToAcpPermission(waiting.conversation, { type: 'answer', requestId, decision, reason })
  return { ...decided, events: [...waiting.events, ...decided.events] }
}

/** Answers a permission request, for this one call only. */
export function replyToAcpPermission(
  conversation: AcpConversation,
  command: SessionCommandOfType<'answer'>,
): AcpStep {
  const { requestId, decision, reason = 'the request was denied' } = command
  const { turn, approvals } = conversation
  const permission = approvals.find((other) => other.requestId === requestId)
  if (permission === undefined || turn === undefined) {
    return createAcpStep(conversation, {}, { events: [createNoSuchRequestNotice(requestId)] })
  }
  const { callId } = permission
  const option = optionFor(decision, permission.options)
  const others = approvals.filter((other) => other !== permission)
  const replies = [{ requestId, result: createPermissionResult(option) }]
  if (decision === 'allow' && option !== undefined) {
    return createAcpStep(conversation, { approvals: others }, { replies })
  }
  // Agents do not have to report the end of a call that was denied.
  const output = decision === 'allow' ? 'the agent gives no way to allow it once' : reason
  return createAcpStep(
    conversation,
    { approvals: others, turn: { ...turn, tools: { ...turn.tools, [callId]: 'ended' }, asksModel: true } },
    { replies, events: [createToolEndedEvent(callId, { failed: true, output })] },
  )
}

function optionFor(decision: ToolApprovalDecision, options: readonly PermissionOption[]): string | undefined {
  const kind = decision === 'allow' ? 'allow_once' : 'reject_once'
  return options.find((option) => option.kind === kind)?.optionId
}
