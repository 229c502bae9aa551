import { codexStep, thenStep, type CodexConversation, type CodexStep } from './conversation.js'
import { encodeCommand } from './encode.js'
import { cleanTerminalsRequest } from './requests.js'

/** Interrupts the turn of a thread and ends its commands, so that the session can unload the thread. */
export function leaveThread(conversation: CodexConversation): CodexStep {
  const interrupted = encodeCommand({ ...conversation, leaving: 'wanted' }, { type: 'interrupt' })
  return thenStep(interrupted, (next) =>
    codexStep(next, {}, { calls: [cleanTerminalsRequest(next.threadId)] }),
  )
}

/** Unloads a thread that the session leaves, as soon as it is idle: Codex keeps a thread with a running turn. */
export function leaveThreadIfIdle(conversation: CodexConversation): CodexStep {
  const { leaving, turn, forgetting, threadId } = conversation
  if (leaving !== 'wanted' || turn !== undefined || forgetting !== undefined)
    return codexStep(conversation, {})
  return codexStep(conversation, { leaving: 'asked' }, { ending: { threadId, thread: 'goes' } })
}
