import { defined, type Failure, type TurnOutcome, type Usage } from '@subagent-mcp/contract'
import type { JsonRpcAnswer } from '@subagent-mcp/driver-kit'
import { classifyRefusal, classifyTurn } from '../classify.js'
import { endTurn, leftBy, step, type Conversation, type Step, type Turn } from './conversation.js'
import { sendPrompt } from './encode.js'
import { setMode, setModel, type Call } from './requests.js'
import { PromptAnswer, SessionAnswer } from './wire.js'

/** What an answer of the agent's leads to. One that was lost says nothing: the end of the process will. */
export function settle(conversation: Conversation, call: Call, answer: JsonRpcAnswer): Step {
  if (answer.type === 'lost') return step(conversation, {})
  switch (call.method) {
    case 'session/prompt':
      return settleTurn(conversation, answer)
    case 'session/new':
      return settleReset(conversation, answer)
    case 'session/set_model':
    case 'session/set_config_option':
    case 'session/set_mode':
      return settleChoice(conversation, call, answer)
    default:
      return step(conversation, {})
  }
}

type Answered = Exclude<JsonRpcAnswer, { type: 'lost' }>

function settleTurn(conversation: Conversation, answer: Answered): Step {
  const { turn, choices } = conversation
  if (turn === undefined || turn.phase.type === 'waiting') return step(conversation, {})
  const cancelled = turn.phase.type === 'cancelled'
  if (answer.type !== 'result') {
    const failure = classifyTurn(choices.label, answer)
    const outcome: TurnOutcome = cancelled ? { type: 'interrupted' } : { type: 'failed', failure }
    return endTurn(conversation, turn, { outcome })
  }
  const { data } = PromptAnswer.safeParse(answer.result)
  const { stopReason = 'unknown' } = data ?? {}
  const outcome = cancelled ? ({ type: 'interrupted' } as const) : outcomeOf(stopReason, turn.message)
  return endTurn(conversation, turn, { outcome, usage: usageOf(data, conversation, turn) })
}

function outcomeOf(stopReason: string, answer: string): TurnOutcome {
  if (stopReason === 'cancelled') return { type: 'interrupted' }
  const failure = stopFailures.get(stopReason)
  return failure ? { type: 'failed', failure } : { type: 'completed', answer }
}

/** Stop reasons with which a turn has no answer to rely on. */
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
  answer: PromptAnswer | undefined,
  { cost }: Conversation,
  { costBefore }: Turn,
): Usage | undefined {
  const quota = answer?._meta?.quota.token_count
  const input = answer?.usage?.inputTokens ?? quota?.input_tokens
  const output = answer?.usage?.outputTokens ?? quota?.output_tokens
  const cached = answer?.usage?.cachedReadTokens ?? undefined
  const usage: Usage = {
    ...defined({ inputTokens: input, cachedInputTokens: cached, outputTokens: output }),
    ...(cost !== undefined &&
      costBefore !== undefined &&
      cost > costBefore && { costUsd: cost - costBefore }),
  }
  return Object.keys(usage).length === 0 ? undefined : usage
}

/** The new session gets the choices of the old one; prompts wait until that is put away. */
function settleReset(conversation: Conversation, answer: Answered): Step {
  const { choices, resets } = conversation
  const { label, model, modelConfigId, mode } = choices
  const { data } = SessionAnswer.safeParse(answer.type === 'result' ? answer.result : undefined)
  const sessionId = data?.sessionId
  if (sessionId === undefined) {
    return step(conversation, {}, { fault: classifyRefusal(label, 'forget the conversation', answer) })
  }
  return step(
    conversation,
    { sessionId, resets: resets + 1, cost: 0, preamble: choices.preamble },
    {
      events: [{ type: 'session-identified', sessionId, ...defined({ model }) }],
      calls: [
        ...(mode === undefined ? [] : [setMode(sessionId, mode)]),
        ...(model === undefined ? [] : [setModel(sessionId, model, modelConfigId)]),
      ],
      left: leftBy(conversation),
    },
  )
}

/** The session before a reset is put away: a prompt that waited can go. */
export function putAway(conversation: Conversation): Step {
  const begun = sendPrompt({ ...conversation, resetting: false })
  return { ...begun, events: [{ type: 'conversation-reset' }, ...begun.events] }
}

function settleChoice(conversation: Conversation, { method }: Call, answer: Answered): Step {
  if (answer.type === 'result') return step(conversation, {})
  const { label } = conversation.choices
  const what = method === 'session/set_mode' ? 'change its mode' : 'change its model'
  const failure = classifyRefusal(label, what, answer)
  // With another mode it would do more than it may, or less than it should.
  if (method === 'session/set_mode') return step(conversation, {}, { fault: failure })
  return step(conversation, {}, { events: [{ type: 'notice', text: failure.message }] })
}
