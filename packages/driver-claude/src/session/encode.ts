import { omitUndefined, type SessionCommand } from '@subagent-mcp/contract'
import {
  createNoSuchRequestNotice,
  createNoticeEvent,
  createPromptRefusedEvent,
  zeroUsage,
  type SessionCommandOfType,
} from '@subagent-mcp/driver-kit'
import {
  createClaudeStep,
  type ClaudeConversation,
  type ClaudeStep,
  type ClaudeTurn,
} from './conversation.js'
import { toClaudeEffortSettings } from '../launch/effort.js'
import {
  createAllowToolCallLine,
  createControlRequestLine,
  createDenyToolCallLine,
  createUserLine,
  createUserMessageLine,
} from './requests.js'

/** Turns a command into lines for Claude. `id` is a new UUID, for commands without an id. */
export function encodeClaudeCommand(
  conversation: ClaudeConversation,
  command: SessionCommand,
  id: string,
): ClaudeStep {
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
      return reset(conversation, id)
    case 'rewind':
      return rewind(conversation, command, id)
    case 'configure':
      return configure(conversation, command, id)
  }
}

function prompt(conversation: ClaudeConversation, command: SessionCommandOfType<'prompt'>): ClaudeStep {
  const { turnId } = command
  if (conversation.turn !== undefined) {
    return createClaudeStep(conversation, {}, [
      createPromptRefusedEvent(turnId, 'a turn is running: steer it, or wait for its end'),
    ])
  }
  const turn: ClaudeTurn = {
    id: turnId,
    begun: false,
    interrupt: 'none',
    steers: [],
    outcome: undefined,
    used: undefined,
    requests: { used: zeroUsage, messages: [] },
  }
  return createClaudeStep(conversation, { turn }, [], [createUserMessageLine(turnId, command)])
}

/** Claude reads a steering message at the next tool call, or answers it separately after the turn. */
function steer(conversation: ClaudeConversation, command: SessionCommandOfType<'steer'>): ClaudeStep {
  const { messageId } = command
  const { turn } = conversation
  if (turn === undefined) {
    return createClaudeStep(conversation, {}, [
      createNoticeEvent('no turn is running: the message was not sent'),
    ])
  }
  const steered = { ...turn, steers: [...turn.steers, messageId] }
  return createClaudeStep(conversation, { turn: steered }, [], [createUserMessageLine(messageId, command)])
}

function answer(
  conversation: ClaudeConversation,
  { requestId, decision, reason }: SessionCommandOfType<'answer'>,
): ClaudeStep {
  const asked = conversation.approvals.find((approval) => approval.requestId === requestId)
  if (asked === undefined) {
    return createClaudeStep(conversation, {}, [createNoSuchRequestNotice(requestId)])
  }
  const approvals = conversation.approvals.filter((approval) => approval !== asked)
  const line =
    decision === 'allow'
      ? createAllowToolCallLine(requestId, asked.input)
      : createDenyToolCallLine(requestId, reason ?? 'The request was denied.')
  return createClaudeStep(conversation, { approvals }, [], [line])
}

/** Interrupts the turn, and cancels its steering messages: Claude would answer each after the interrupted turn. */
function interrupt(conversation: ClaudeConversation): ClaudeStep {
  const { turn } = conversation
  if (turn === undefined || turn.interrupt !== 'none') return createClaudeStep(conversation, {})
  const cancels = turn.steers.map((id) =>
    createControlRequestLine(id, { subtype: 'cancel_async_message', message_uuid: id }),
  )
  return createClaudeStep(
    conversation,
    {
      turn: { ...turn, interrupt: turn.begun ? 'sent' : 'wanted' },
      owed: [...conversation.owed, turn.id, ...turn.steers],
    },
    [],
    turn.begun ? [...cancels, createInterruptRequestLine(turn.id)] : cancels,
  )
}

/** Creates the request to Claude that ends a turn. It has the id of the turn, and is unanswered until the turn has ended. */
export function createInterruptRequestLine(turnId: string): string {
  return createControlRequestLine(turnId, { subtype: 'interrupt' })
}

function reset(conversation: ClaudeConversation, id: string): ClaudeStep {
  if (conversation.forgetting !== undefined) return createClaudeStep(conversation, {})
  const owed = [...conversation.owed, id]
  return createClaudeStep(
    conversation,
    { forgetting: { what: 'all', id }, owed },
    [],
    [createUserLine(id, '/clear')],
  )
}

/** Asks Claude to forget the message of a turn and all after it. */
function rewind(
  conversation: ClaudeConversation,
  { turnId }: SessionCommandOfType<'rewind'>,
  id: string,
): ClaudeStep {
  if (conversation.forgetting !== undefined) return createClaudeStep(conversation, {})
  const owed = [...conversation.owed, id]
  const asked = createControlRequestLine(id, { subtype: 'rewind_conversation', target_message_uuid: turnId })
  return createClaudeStep(conversation, { forgetting: { what: 'newest-turn', id }, owed }, [], [asked])
}

/** Sets the model and effort. Claude accepts any effort, so the driver asks it for the effort that it applies. */
function configure(
  conversation: ClaudeConversation,
  { model, effort }: SessionCommandOfType<'configure'>,
  id: string,
): ClaudeStep {
  const settings = { ...omitUndefined({ model }), ...(effort && toClaudeEffortSettings(effort)) }
  const apply = createControlRequestLine(id, { subtype: 'apply_flag_settings', settings })
  if (effort === undefined)
    return createClaudeStep(conversation, { owed: [...conversation.owed, id] }, [], [apply])
  const question = `${id}-effort`
  return createClaudeStep(
    conversation,
    { owed: [...conversation.owed, id, question], effortAsked: { id: question, effort } },
    [],
    [apply, createControlRequestLine(question, { subtype: 'get_settings' })],
  )
}
