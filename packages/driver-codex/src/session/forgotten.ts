import type { Failure, SessionEvent } from '@subagent-mcp/contract'
import type { JsonRpcAnswer } from '@subagent-mcp/driver-kit'
import { classifyRefusal } from '../classify.js'
import { andThen, endWaiting, step, type Conversation, type Step } from './conversation.js'
import { encode } from './encode.js'
import { readThread } from './read-thread.js'
import { injectItems } from './requests.js'

/** What was to end in the thread has ended, or did not. */
export function left(conversation: Conversation, failure: Failure | undefined): Step {
  const { forgetting } = conversation
  if (forgetting === undefined) return step(conversation, failure ? {} : { leaving: 'left' })
  return failure
    ? notForgotten(conversation, failure)
    : step(conversation, {}, { calls: [forgetting.request] })
}

/** The new thread takes over, with what is kept. */
export function hasThread(conversation: Conversation, answer: JsonRpcAnswer): Step {
  const read = readThread('start a new thread', answer)
  if ('failure' in read) return notForgotten(conversation, read.failure)
  const { threadId, model } = read
  const events: SessionEvent[] = [{ type: 'session-identified', sessionId: threadId, model }]
  const identified = step(conversation, { threadId }, { events })
  const kept = conversation.forgetting?.kept ?? []
  if (kept.length === 0) return andThen(identified, forgotten)
  return andThen(identified, (next) => step(next, {}, { calls: [injectItems(threadId, kept)] }))
}

/** The thread has what it is to have. */
export function hasPast(conversation: Conversation, answer: JsonRpcAnswer): Step {
  if (answer.type === 'result') return forgotten(conversation)
  return notForgotten(conversation, classifyRefusal('go back to what was before', answer))
}

/** What was told meanwhile is for what comes now. Without it one task would go on in the other's conversation. */
function forgotten(conversation: Conversation): Step {
  const { forgetting, settings } = conversation
  const done = step(
    conversation,
    { past: forgetting?.past ?? [], forgetting: undefined, spent: undefined, untold: settings },
    { events: [{ type: 'conversation-reset' }] },
  )
  return (forgetting?.held ?? []).reduce(
    (before, command) => andThen(before, (next) => encode(next, command)),
    done,
  )
}

/** The session cannot go on, and neither can what was asked of it meanwhile. */
function notForgotten(conversation: Conversation, fault: Failure): Step {
  const events = endWaiting(conversation, { type: 'failed', failure: fault })
  return step(conversation, { forgetting: undefined }, { events, fault })
}
