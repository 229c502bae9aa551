import { andThen, step, type Conversation, type Step } from './conversation.js'
import { encode } from './encode.js'
import { cleanTerminals } from './requests.js'

/** Ends what runs in a thread, so that the session can leave it. */
export function leave(conversation: Conversation): Step {
  const interrupted = encode({ ...conversation, leaving: 'wanted' }, { type: 'interrupt' })
  return andThen(interrupted, (next) => step(next, {}, { calls: [cleanTerminals(next.threadId)] }))
}

/** Leaves a thread that is to be left as soon as nothing runs in it: the server keeps one with a running turn. */
export function leaveIfIdle(conversation: Conversation): Step {
  const { leaving, turn, forgetting, threadId } = conversation
  if (leaving !== 'wanted' || turn !== undefined || forgetting !== undefined) return step(conversation, {})
  return step(conversation, { leaving: 'asked' }, { ending: { threadId, thread: 'goes' } })
}
