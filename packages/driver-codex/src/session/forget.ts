import {
  notice,
  step,
  type Conversation,
  type Ending,
  type Forgetting,
  type PastTurn,
  type Step,
} from './conversation.js'
import type { Call } from './requests.js'

/** Forgets the conversation: the thread is left, and a new one takes its place. */
export function reset(conversation: Conversation): Step {
  return conversation.turn === undefined ? begin(conversation, []) : busy(conversation)
}

/** Forgets the newest turn. Of an ephemeral thread there is no copy to go back to: a new one is told what is kept. */
export function rewind(conversation: Conversation, turnId: string): Step {
  if (conversation.turn !== undefined) return busy(conversation)
  const newest = conversation.past.at(-1)
  if (newest?.id !== turnId) return step(conversation, {}, { fault: onlyNewest })
  const past = conversation.past.slice(0, -1)
  if (conversation.threadParams.ephemeral === true) return begin(conversation, past)
  return revert(conversation, newest, past)
}

function busy(conversation: Conversation): Step {
  return notice(conversation, 'a turn is running: nothing was forgotten')
}

const onlyNewest = { reason: 'bad-request', message: 'only the newest turn can be rewound' } as const

function begin(conversation: Conversation, past: readonly PastTurn[]): Step {
  const { threadParams } = conversation
  // Sent on half of it, the next task would not start from what it should.
  if (past.some(({ codexId, items }) => codexId !== undefined && items.length === 0)) {
    return step(conversation, {}, { fault: notTold })
  }
  const request: Call = { method: 'thread/start', params: threadParams }
  const kept = past.flatMap(({ items }) => items)
  return forget(conversation, { request, kept, past, held: [] }, 'goes')
}

const notTold = { reason: 'protocol', message: 'codex did not tell what the turns before were' } as const

function revert(conversation: Conversation, { codexId }: PastTurn, past: readonly PastTurn[]): Step {
  const { threadId } = conversation
  const events = [{ type: 'conversation-reset' }] as const
  if (codexId === undefined) return step(conversation, { past }, { events })
  const request: Call = { method: 'thread/revert', params: { threadId, beforeTurnId: codexId } }
  return forget(conversation, { request, kept: [], past, held: [] }, 'stays')
}

function forget(conversation: Conversation, forgetting: Forgetting, thread: Ending['thread']): Step {
  const { threadId } = conversation
  return step(conversation, { forgetting }, { ending: { threadId, thread } })
}
