import { createAcpStep, type AcpConversation, type AcpStep, type AcpTurn } from './conversation.js'
import type { RpcNotification } from '@subagent-mcp/driver-kit'
import type { ModelRetry } from '../profile.js'
import { onAcpToolUpdate } from './tools.js'
import { AcpUpdateParams, type AcpSessionUpdate } from './wire.js'

/** Turns an ACP notification into events. Drops unknown ones, and the history of a loaded session. */
export function translateAcpNotification(
  conversation: AcpConversation,
  notification: RpcNotification,
): AcpStep {
  const { data } = AcpUpdateParams.safeParse(notification.params)
  if (notification.method !== 'session/update' || data === undefined) return createAcpStep(conversation, {})
  const { update } = data
  if (update.sessionUpdate === 'usage_update') {
    return createAcpStep(conversation, { cost: readAcpSessionCost(notification.params) ?? conversation.cost })
  }
  const { turn } = conversation
  if (turn === undefined || turn.phase.type === 'waiting') return createAcpStep(conversation, {})
  return inTurn(conversation, turn, update)
}

/** Reads a session's cost in US dollars from the parameters of an ACP notification; undefined without one. */
export function readAcpSessionCost(params: unknown): number | undefined {
  const { data } = AcpUpdateParams.safeParse(params)
  if (data?.update.sessionUpdate !== 'usage_update') return undefined
  const { cost } = data.update
  return cost?.currency === 'USD' ? cost.amount : undefined
}

function inTurn(
  conversation: AcpConversation,
  turn: AcpTurn,
  update: Exclude<AcpSessionUpdate, { sessionUpdate: 'usage_update' }>,
): AcpStep {
  switch (update.sessionUpdate) {
    case 'agent_message_chunk':
      return said(conversation, turn, update.content.text ?? '')
    case 'agent_thought_chunk':
      return createAcpStep(
        conversation,
        { turn: { ...turn, asksModel: false } },
        { events: [{ type: 'thinking-advanced' }] },
      )
    case 'tool_call':
    case 'tool_call_update':
      return onAcpToolUpdate(conversation, turn, update)
  }
}

function said(conversation: AcpConversation, turn: AcpTurn, text: string): AcpStep {
  if (text === '' || modeUpdate.test(text)) return createAcpStep(conversation, {})
  return createAcpStep(
    conversation,
    { turn: { ...turn, message: turn.message + text, asksModel: false } },
    { events: [{ type: 'text-delta', text }] },
  )
}

/** Matches Gemini's report of a changed mode, which arrives as text of the model. */
const modeUpdate = /^\[MODE_UPDATE\] \w+$/

/** Reports to the owner of a session that the ACP agent tries a failed model request again. */
export function createModelRetryStep(conversation: AcpConversation, retry: ModelRetry): AcpStep {
  const { turn } = conversation
  if (turn === undefined) return createAcpStep(conversation, {})
  return createAcpStep(
    conversation,
    { turn: { ...turn, retries: retry.attempt } },
    { events: [{ type: 'retry-announced', ...retry }] },
  )
}
