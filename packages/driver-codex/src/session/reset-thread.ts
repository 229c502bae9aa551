import {
  createCodexNoticeStep,
  createCodexStep,
  type CodexConversation,
  type PendingCodexReset,
  type EndedCodexTurn,
  type CodexStep,
  type ThreadCommandsEnding,
} from './conversation.js'
import type { CodexRequest } from './requests.js'

export function resetThread(conversation: CodexConversation): CodexStep {
  return conversation.turn === undefined ? replaceThread(conversation, []) : refuseWhileBusy(conversation)
}

/** Forgets the newest turn. Codex cannot revert an ephemeral thread, so a new one gets the items of the earlier turns. */
export function rewindThread(conversation: CodexConversation, turnId: string): CodexStep {
  if (conversation.turn !== undefined) return refuseWhileBusy(conversation)
  const newest = conversation.past.at(-1)
  if (newest?.id !== turnId) return createCodexStep(conversation, {}, { fault: onlyNewest })
  const past = conversation.past.slice(0, -1)
  if (conversation.threadParams.ephemeral === true) return replaceThread(conversation, past)
  return revertThread(conversation, newest, past)
}

function refuseWhileBusy(conversation: CodexConversation): CodexStep {
  return createCodexNoticeStep(conversation, 'a turn is running: nothing was forgotten')
}

const onlyNewest = { reason: 'bad-request', message: 'only the newest turn can be rewound' } as const

function replaceThread(conversation: CodexConversation, past: readonly EndedCodexTurn[]): CodexStep {
  const { threadParams } = conversation
  // With only some of the items the next task would start from a wrong conversation.
  if (past.some(({ codexId, items }) => codexId !== undefined && items.length === 0)) {
    return createCodexStep(conversation, {}, { fault: itemsMissing })
  }
  const request: CodexRequest = { method: 'thread/start', params: threadParams }
  const kept = past.flatMap(({ items }) => items)
  return afterCommandsEnd(conversation, { request, kept, past, held: [] }, 'goes')
}

const itemsMissing = {
  reason: 'protocol',
  message: 'codex did not report the items of the earlier turns',
} as const

function revertThread(
  conversation: CodexConversation,
  { codexId }: EndedCodexTurn,
  past: readonly EndedCodexTurn[],
): CodexStep {
  const { threadId } = conversation
  const events = [{ type: 'conversation-reset' }] as const
  if (codexId === undefined) return createCodexStep(conversation, { past }, { events })
  const request: CodexRequest = { method: 'thread/revert', params: { threadId, beforeTurnId: codexId } }
  return afterCommandsEnd(conversation, { request, kept: [], past, held: [] }, 'stays')
}

function afterCommandsEnd(
  conversation: CodexConversation,
  forgetting: PendingCodexReset,
  thread: ThreadCommandsEnding['thread'],
): CodexStep {
  const { threadId } = conversation
  return createCodexStep(conversation, { forgetting }, { ending: { threadId, thread } })
}
