import { omitUndefined, type Failure, type TurnOutcome, type TurnUsage } from '@subagent-mcp/contract'
import type { JsonRpcOutcome } from '@subagent-mcp/driver-kit'
import { classifyAcpRefusal, classifyAcpTurnAnswer } from '../classify.js'
import {
  endAcpTurn,
  getCurrentAcpSession,
  createAcpStep,
  type AcpConversation,
  type AcpStep,
  type AcpTurn,
} from './conversation.js'
import { sendWaitingPrompt } from './encode.js'
import { createSetModeRequest, createSetModelRequest, type AcpRequest } from './requests.js'
import { AcpPromptAnswer, AcpSessionAnswer } from './wire.js'

/** Reads an ACP agent's answer to a request. A lost answer has no effect, because the end of the process ends the session. */
export function readAcpAnswer(
  conversation: AcpConversation,
  call: AcpRequest,
  answer: JsonRpcOutcome,
): AcpStep {
  if (answer.type === 'lost') return createAcpStep(conversation, {})
  switch (call.method) {
    case 'session/prompt':
      return readTurnEnd(conversation, answer)
    case 'session/new':
      return readNewSession(conversation, answer)
    case 'session/set_model':
    case 'session/set_config_option':
    case 'session/set_mode':
      return readChoice(conversation, call, answer)
    default:
      return createAcpStep(conversation, {})
  }
}

type Answered = Exclude<JsonRpcOutcome, { type: 'lost' }>

function readTurnEnd(conversation: AcpConversation, answer: Answered): AcpStep {
  const { turn, choices } = conversation
  if (turn === undefined || turn.phase.type === 'waiting') return createAcpStep(conversation, {})
  const cancelled = turn.phase.type === 'cancelled'
  if (answer.type !== 'result') {
    const failure = classifyAcpTurnAnswer(choices.label, answer)
    const outcome: TurnOutcome = cancelled ? { type: 'interrupted' } : { type: 'failed', failure }
    return endAcpTurn(conversation, turn, { outcome })
  }
  const { data } = AcpPromptAnswer.safeParse(answer.result)
  const { stopReason = 'unknown' } = data ?? {}
  const outcome = cancelled ? ({ type: 'interrupted' } as const) : outcomeOf(stopReason, turn.message)
  return endAcpTurn(conversation, turn, { outcome, usage: usageOf(data, conversation, turn) })
}

function outcomeOf(stopReason: string, answer: string): TurnOutcome {
  if (stopReason === 'cancelled') return { type: 'interrupted' }
  const failure = stopFailures.get(stopReason)
  return failure ? { type: 'failed', failure } : { type: 'completed', answer }
}

/** The failures for stop reasons with which a turn has no complete answer. */
const stopFailures: ReadonlyMap<string, Failure> = new Map([
  [
    'max_tokens',
    {
      reason: 'context-too-long',
      message: 'the turn came to the end of what the model can take in or say',
      hint: 'start a new agent with a shorter prompt',
    },
  ],
  [
    'max_turn_requests',
    { reason: 'unknown', message: 'the agent ended the turn: too many model requests, or a loop' },
  ],
  ['refusal', { reason: 'bad-request', message: 'the model refused to go on' }],
])

function usageOf(
  answer: AcpPromptAnswer | undefined,
  { cost }: AcpConversation,
  { costBefore }: AcpTurn,
): TurnUsage | undefined {
  const quota = answer?._meta?.quota.token_count
  const input = answer?.usage?.inputTokens ?? quota?.input_tokens
  const output = answer?.usage?.outputTokens ?? quota?.output_tokens
  const cached = answer?.usage?.cachedReadTokens ?? undefined
  const usage: TurnUsage = {
    ...omitUndefined({ inputTokens: input, cachedInputTokens: cached, outputTokens: output }),
    ...(cost !== undefined &&
      costBefore !== undefined &&
      cost > costBefore && { costUsd: cost - costBefore }),
  }
  return Object.keys(usage).length === 0 ? undefined : usage
}

/** Continues a reset with its new session, which gets the choices of the old one. Prompts wait until the old one is closed. */
function readNewSession(conversation: AcpConversation, answer: Answered): AcpStep {
  const { choices, resets } = conversation
  const { label, model, modelConfigId, mode } = choices
  const { data } = AcpSessionAnswer.safeParse(answer.type === 'result' ? answer.result : undefined)
  const sessionId = data?.sessionId
  if (sessionId === undefined) {
    return createAcpStep(
      conversation,
      {},
      { fault: classifyAcpRefusal(label, 'forget the conversation', answer) },
    )
  }
  return createAcpStep(
    conversation,
    { sessionId, resets: resets + 1, cost: 0, preamble: choices.preamble },
    {
      events: [{ type: 'session-identified', sessionId, ...omitUndefined({ model }) }],
      calls: [
        ...(mode === undefined ? [] : [createSetModeRequest(sessionId, mode)]),
        ...(model === undefined ? [] : [createSetModelRequest(sessionId, model, modelConfigId)]),
      ],
      left: getCurrentAcpSession(conversation),
    },
  )
}

/** Finishes a reset when the session before it is closed, and sends a prompt that waited for it. */
export function finishAcpReset(conversation: AcpConversation): AcpStep {
  const begun = sendWaitingPrompt({ ...conversation, resetting: false })
  return { ...begun, events: [{ type: 'conversation-reset' }, ...begun.events] }
}

function readChoice(conversation: AcpConversation, { method }: AcpRequest, answer: Answered): AcpStep {
  if (answer.type === 'result') return createAcpStep(conversation, {})
  const { label } = conversation.choices
  const what = method === 'session/set_mode' ? 'change its mode' : 'change its model'
  const failure = classifyAcpRefusal(label, what, answer)
  // A session in the wrong mode ends, because the agent would do more than it may, or less than it should.
  if (method === 'session/set_mode') return createAcpStep(conversation, {}, { fault: failure })
  return createAcpStep(conversation, {}, { events: [{ type: 'notice', text: failure.message }] })
}
