import type {
  ReasoningEffort,
  Failure,
  Model,
  SessionCommand,
  SessionEvent,
  TurnOutcome,
} from '@subagent-mcp/contract'
import type { JsonRpcOutcome, RpcReply } from '@subagent-mcp/driver-kit'
import { readCodexAnswer } from './read-answer.js'
import {
  chainCodexSteps,
  type CodexConversation,
  type ThreadCommandsEnding,
  type CodexStep,
} from './conversation.js'
import { encodeCodexCommand } from './encode.js'
import { onThreadCommandsEnded } from './finish-reset.js'
import { endAndUnloadThread, unloadThreadIfIdle } from './live-thread.js'
import { readCodexApprovalRequest } from './questions.js'
import { newThreadConversation } from '../recordings.test.support.js'
import type { CodexRequest } from './requests.js'
import { translateCodexNotification } from './translate.js'

const efforts: readonly ReasoningEffort[] = ['low', 'high']
const models: readonly Model[] = [
  { id: 'gpt-9-sol', aliases: ['gpt'], efforts },
  { id: 'gpt-8-luna', aliases: ['gpt-luna'], efforts: ['low'] },
]

/** Creates a Codex conversation without a server. A test sends its commands and messages, and reads its effects. */
export function startConversation(from: Partial<CodexConversation> = {}) {
  let conversation: CodexConversation = { ...newThreadConversation, threadId: 'thread', models, ...from }
  const [events, calls, replies]: [SessionEvent[], CodexRequest[], RpcReply[]] = [[], [], []]
  const endings: ThreadCommandsEnding[] = []
  const faults: string[] = []
  const take = (given: CodexStep) => {
    const taken = chainCodexSteps(given, unloadThreadIfIdle)
    conversation = taken.conversation
    events.push(...taken.events)
    calls.push(...taken.calls)
    replies.push(...taken.replies)
    if (taken.ending) endings.push(taken.ending)
    if (taken.fault) faults.push(taken.fault.reason)
  }
  const now = () => conversation
  return {
    ...{ now, events, calls, replies, endings, faults },
    send: (command: SessionCommand) => take(encodeCodexCommand(conversation, command)),
    leaveThread: () => take(endAndUnloadThread(conversation)),
    onThreadEnded: (failure?: Failure) => take(onThreadCommandsEnded(conversation, failure)),
    notify: (method: string, params: unknown = {}) =>
      take(translateCodexNotification(conversation, { method, params })),
    asked: (method: string, params: unknown) => {
      const read = readCodexApprovalRequest(conversation, { id: 7, method, params })
      if (read) take(read)
      return read !== undefined
    },
    /** Answers the oldest unanswered request with this method. */
    answer: (method: CodexRequest['method'], answer: JsonRpcOutcome) => {
      const index = calls.findIndex((call) => call.method === method)
      for (const call of calls.splice(index, 1)) take(readCodexAnswer(conversation, call, answer))
    },
    sent: () => calls.map(({ method }) => method),
    outcomes: (): TurnOutcome[] =>
      events.flatMap((event) => (event.type === 'turn-ended' ? [event.outcome] : [])),
    notices: () => events.flatMap((event) => (event.type === 'notice' ? [event.text] : [])),
  }
}

/** The messages and answers that a Codex server sends most often, for tests. */
export const serverMessages = {
  turn: (status = 'inProgress') => ({ turn: { id: 'c1', status } }),
  accepted: { type: 'result', result: { turn: { id: 'c1' } } },
  refused: { type: 'error', code: -32600, message: 'no active turn' },
  late: { type: 'timed-out' },
} as const
