import type { Failure, SessionEvent } from '@subagent-mcp/contract'
import { createRpcRefusalFailure, type JsonRpcOutcome } from '@subagent-mcp/driver-kit'
import { codexCli } from '../codex-cli.js'
import {
  endWaitingCodexPrompts,
  chainCodexSteps,
  createCodexStep,
  type CodexConversation,
  type CodexStep,
} from './conversation.js'
import { encodeCodexCommand } from './encode.js'
import { createInjectItemsRequest } from './requests.js'
import { ThreadAnswer } from './wire.js'

/** Continues when the commands of a Codex thread have ended: with the pending reset or rewind, or the end of the session. */
export function onThreadCommandsEnded(
  conversation: CodexConversation,
  failure: Failure | undefined,
): CodexStep {
  const { forgetting } = conversation
  if (forgetting === undefined) return createCodexStep(conversation, failure ? {} : { leaving: 'left' })
  return failure
    ? notForgotten(conversation, failure)
    : createCodexStep(conversation, {}, { calls: [forgetting.request] })
}

/** Reads Codex's answer to `thread/start` in a reset, and injects the items that are kept. */
export function onThreadStartAnswer(conversation: CodexConversation, answer: JsonRpcOutcome): CodexStep {
  const read = readThreadAnswer('start a new thread', answer)
  if ('failure' in read) return notForgotten(conversation, read.failure)
  const { threadId, model } = read
  const events: SessionEvent[] = [{ type: 'session-identified', sessionId: threadId, model }]
  const identified = createCodexStep(conversation, { threadId }, { events })
  const kept = conversation.forgetting?.kept ?? []
  if (kept.length === 0) return chainCodexSteps(identified, forgotten)
  return chainCodexSteps(identified, (next) =>
    createCodexStep(next, {}, { calls: [createInjectItemsRequest(threadId, kept)] }),
  )
}

/** Reads the thread in Codex's answer. `what` names the request in a failure message, such as `start a thread`. */
export function readThreadAnswer(
  what: string,
  answer: JsonRpcOutcome,
): { threadId: string; model: string } | { failure: Failure } {
  const { data } = ThreadAnswer.safeParse(answer.type === 'result' ? answer.result : undefined)
  if (data !== undefined) return { threadId: data.thread.id, model: data.model }
  return { failure: createRpcRefusalFailure(codexCli.label, what, answer) }
}

/** Reads Codex's answer to `thread/inject_items` or `thread/revert`, the last request of a reset or rewind. */
export function onThreadRestoreAnswer(conversation: CodexConversation, answer: JsonRpcOutcome): CodexStep {
  if (answer.type === 'result') return forgotten(conversation)
  return notForgotten(
    conversation,
    createRpcRefusalFailure(codexCli.label, 'go back to what was before', answer),
  )
}

/** Reports that a Codex session was reset or rewound, then carries out the commands that came meanwhile. */
function forgotten(conversation: CodexConversation): CodexStep {
  const { forgetting, settings } = conversation
  const done = createCodexStep(
    conversation,
    {
      past: forgetting?.past ?? [],
      forgetting: undefined,
      usedByThread: undefined,
      unsentSettings: settings,
    },
    { events: [{ type: 'conversation-reset' }] },
  )
  return (forgetting?.held ?? []).reduce(
    (before, command) => chainCodexSteps(before, (next) => encodeCodexCommand(next, command)),
    done,
  )
}

/** Ends a Codex session whose reset or rewind failed, and the prompts that came meanwhile. */
function notForgotten(conversation: CodexConversation, fault: Failure): CodexStep {
  const events = endWaitingCodexPrompts(conversation, { type: 'failed', failure: fault })
  return createCodexStep(conversation, { forgetting: undefined }, { events, fault })
}
