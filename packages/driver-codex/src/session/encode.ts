import { defined, type SessionCommand } from '@subagent-mcp/contract'
import { chooseModel } from '../launch/choose-model.js'
import { notice, step, type Conversation, type Step, type Turn } from './conversation.js'
import { reset, rewind } from './forget.js'
import { interruptTurn, startTurn, steerTurn } from './requests.js'
import { nothingSpent } from './spending.js'

type Of<T extends SessionCommand['type']> = Extract<SessionCommand, { type: T }>

/** A command as requests to the CLI. */
export function encode(conversation: Conversation, command: SessionCommand): Step {
  const { forgetting } = conversation
  if (forgetting !== undefined && command.type !== 'answer') {
    return step(conversation, { forgetting: { ...forgetting, held: [...forgetting.held, command] } })
  }
  switch (command.type) {
    case 'prompt':
      return prompt(conversation, command)
    case 'steer':
      return steer(conversation, command)
    case 'answer':
      return answer(conversation, command)
    case 'interrupt':
      return interrupt(conversation)
    case 'reset':
      return reset(conversation)
    case 'rewind':
      return rewind(conversation, command.turnId)
    case 'configure':
      return configure(conversation, command)
  }
}

function prompt(conversation: Conversation, { turnId, text }: Of<'prompt'>): Step {
  if (conversation.turn !== undefined) {
    const failure = {
      reason: 'bad-request',
      message: 'a turn is running: steer it, or wait for its end',
    } as const
    const ended = { type: 'turn-ended', turnId, outcome: { type: 'failed', failure } } as const
    return step(conversation, {}, { events: [ended] })
  }
  const { threadId, untold } = conversation
  const call = startTurn({ threadId, id: turnId, text }, untold)
  return step(conversation, { turn: newTurn(turnId), untold: {} }, { calls: [call] })
}

function newTurn(id: string): Turn {
  return {
    id,
    starting: id,
    codexId: undefined,
    firstCodexId: undefined,
    begun: false,
    interrupt: 'none',
    steers: [],
    outcome: undefined,
    answer: '',
    used: nothingSpent,
    retries: 0,
    changes: {},
    items: [],
  }
}

function steer(conversation: Conversation, { messageId: id, text }: Of<'steer'>): Step {
  const { turn, threadId } = conversation
  if (turn === undefined) return notice(conversation, 'no turn is running: the message was not sent')
  const { codexId } = turn
  const state = codexId === undefined ? 'held' : 'sent'
  const calls = codexId === undefined ? [] : [steerTurn({ threadId, id, text }, codexId)]
  return step(conversation, { turn: { ...turn, steers: [...turn.steers, { id, text, state }] } }, { calls })
}

/** Codex takes no reason for a refusal: it is told to the model as a message. */
function answer(conversation: Conversation, { requestId, decision, reason }: Of<'answer'>): Step {
  const approval = conversation.approvals.find((other) => other.requestId === requestId)
  if (approval === undefined) return notice(conversation, `nothing waits for an answer to ${requestId}`)
  const approvals = conversation.approvals.filter((other) => other !== approval)
  const replies = [{ requestId, result: approval[decision] }]
  if (decision === 'allow' || reason === undefined) return step(conversation, { approvals }, { replies })
  const text = `${approval.tool} was not allowed: ${reason}`
  const told = steer(
    { ...conversation, approvals },
    { type: 'steer', messageId: `denied-${requestId}`, text },
  )
  return { ...told, replies }
}

function interrupt(conversation: Conversation): Step {
  const { turn, threadId } = conversation
  if (turn === undefined || turn.interrupt !== 'none') return step(conversation, {})
  if (!turn.begun || turn.codexId === undefined) {
    return step(conversation, { turn: { ...turn, interrupt: 'wanted' } })
  }
  const calls = [interruptTurn(threadId, turn.codexId)]
  return step(conversation, { turn: { ...turn, interrupt: 'sent' } }, { calls })
}

function configure(conversation: Conversation, { model, effort }: Of<'configure'>): Step {
  const { models, settings, untold } = conversation
  const asked = defined({ model, effort })
  const choice = chooseModel(models, asked, settings.model)
  if ('failure' in choice) {
    const { message, hint } = choice.failure
    return notice(conversation, [message, ...(hint === undefined ? [] : [hint])].join('; '))
  }
  const events = choice.notes.map((text) => ({ type: 'notice', text }) as const)
  const change = { settings: { ...settings, ...choice.settings }, untold: { ...untold, ...choice.settings } }
  return step(conversation, change, { events })
}
