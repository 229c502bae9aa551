import { step, type Conversation, type Step, type Turn } from './conversation.js'
import type { Retry } from '../profile.js'
import { toolNews } from './tools.js'
import { UpdateParams, type Update } from './wire.js'

/** A notification as events. What we do not know passes by, and so does the history of a session that is loaded. */
export function translate(
  conversation: Conversation,
  notification: { method: string; params: unknown },
): Step {
  const { data } = UpdateParams.safeParse(notification.params)
  if (notification.method !== 'session/update' || data === undefined) return step(conversation, {})
  const { update } = data
  if (update.sessionUpdate === 'usage_update') {
    return step(conversation, { cost: costIn(notification.params) ?? conversation.cost })
  }
  const { turn } = conversation
  if (turn === undefined || turn.phase.type === 'waiting') return step(conversation, {})
  return inTurn(conversation, turn, update)
}

/** Dollars that a session has cost, where the parameters of a notification say it. */
export function costIn(params: unknown): number | undefined {
  const { data } = UpdateParams.safeParse(params)
  if (data?.update.sessionUpdate !== 'usage_update') return undefined
  const { cost } = data.update
  return cost?.currency === 'USD' ? cost.amount : undefined
}

function inTurn(
  conversation: Conversation,
  turn: Turn,
  update: Exclude<Update, { sessionUpdate: 'usage_update' }>,
): Step {
  switch (update.sessionUpdate) {
    case 'agent_message_chunk':
      return said(conversation, turn, update.content.text ?? '')
    case 'agent_thought_chunk':
      return step(
        conversation,
        { turn: { ...turn, asksModel: false } },
        { events: [{ type: 'thinking-advanced' }] },
      )
    case 'tool_call':
    case 'tool_call_update':
      return toolNews(conversation, turn, update)
  }
}

function said(conversation: Conversation, turn: Turn, text: string): Step {
  if (text === '' || modeNews.test(text)) return step(conversation, {})
  return step(
    conversation,
    { turn: { ...turn, message: turn.message + text, asksModel: false } },
    { events: [{ type: 'text-delta', text }] },
  )
}

/** Gemini says a change of its mode as if the model had said it. */
const modeNews = /^\[MODE_UPDATE\] \w+$/

/** A model request of the running turn failed, and the agent tries it again. */
export function retried(conversation: Conversation, retry: Retry): Step {
  const { turn } = conversation
  if (turn === undefined) return step(conversation, {})
  return step(
    conversation,
    { turn: { ...turn, retries: retry.attempt } },
    { events: [{ type: 'retry-announced', ...retry }] },
  )
}
