import { defined, type SessionCommand } from '@subagent-mcp/contract'
import {
  noSuchRequestNotice,
  noticeEvent,
  promptRefusedEvent,
  zeroUsage,
  type CommandOf,
} from '@subagent-mcp/driver-kit'
import { claudeStep, type ClaudeConversation, type ClaudeStep, type ClaudeTurn } from './conversation.js'
import { effortSettings } from '../launch/effort.js'
import {
  allowToolCallLine,
  controlRequestLine,
  denyToolCallLine,
  userLine,
  userMessageLine,
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

function prompt(conversation: ClaudeConversation, command: CommandOf<'prompt'>): ClaudeStep {
  const { turnId } = command
  if (conversation.turn !== undefined) {
    return claudeStep(conversation, {}, [
      promptRefusedEvent(turnId, 'a turn is running: steer it, or wait for its end'),
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
  return claudeStep(conversation, { turn }, [], [userMessageLine(turnId, command)])
}

/** Claude reads a steering message at the next tool call, or answers it separately after the turn. */
function steer(conversation: ClaudeConversation, command: CommandOf<'steer'>): ClaudeStep {
  const { messageId } = command
  const { turn } = conversation
  if (turn === undefined) {
    return claudeStep(conversation, {}, [noticeEvent('no turn is running: the message was not sent')])
  }
  const steered = { ...turn, steers: [...turn.steers, messageId] }
  return claudeStep(conversation, { turn: steered }, [], [userMessageLine(messageId, command)])
}

function answer(
  conversation: ClaudeConversation,
  { requestId, decision, reason }: CommandOf<'answer'>,
): ClaudeStep {
  const asked = conversation.approvals.find((approval) => approval.requestId === requestId)
  if (asked === undefined) {
    return claudeStep(conversation, {}, [noSuchRequestNotice(requestId)])
  }
  const approvals = conversation.approvals.filter((approval) => approval !== asked)
  const line =
    decision === 'allow'
      ? allowToolCallLine(requestId, asked.input)
      : denyToolCallLine(requestId, reason ?? 'The request was denied.')
  return claudeStep(conversation, { approvals }, [], [line])
}

/** Interrupts the turn, and cancels its steering messages: Claude would answer each after the interrupted turn. */
function interrupt(conversation: ClaudeConversation): ClaudeStep {
  const { turn } = conversation
  if (turn === undefined || turn.interrupt !== 'none') return claudeStep(conversation, {})
  const cancels = turn.steers.map((id) =>
    controlRequestLine(id, { subtype: 'cancel_async_message', message_uuid: id }),
  )
  return claudeStep(
    conversation,
    {
      turn: { ...turn, interrupt: turn.begun ? 'sent' : 'wanted' },
      owed: [...conversation.owed, turn.id, ...turn.steers],
    },
    [],
    turn.begun ? [...cancels, interruptRequestLine(turn.id)] : cancels,
  )
}

/** Creates the request to Claude that ends a turn. It has the id of the turn, and is unanswered until the turn has ended. */
export function interruptRequestLine(turnId: string): string {
  return controlRequestLine(turnId, { subtype: 'interrupt' })
}

function reset(conversation: ClaudeConversation, id: string): ClaudeStep {
  if (conversation.forgetting !== undefined) return claudeStep(conversation, {})
  const owed = [...conversation.owed, id]
  return claudeStep(conversation, { forgetting: { what: 'all', id }, owed }, [], [userLine(id, '/clear')])
}

/** Asks Claude to forget the message of a turn and all after it. */
function rewind(conversation: ClaudeConversation, { turnId }: CommandOf<'rewind'>, id: string): ClaudeStep {
  if (conversation.forgetting !== undefined) return claudeStep(conversation, {})
  const owed = [...conversation.owed, id]
  const asked = controlRequestLine(id, { subtype: 'rewind_conversation', target_message_uuid: turnId })
  return claudeStep(conversation, { forgetting: { what: 'newest-turn', id }, owed }, [], [asked])
}

/** Sets the model and effort. Claude accepts any effort, so the driver asks it for the effort that it applies. */
function configure(
  conversation: ClaudeConversation,
  { model, effort }: CommandOf<'configure'>,
  id: string,
): ClaudeStep {
  const settings = { ...defined({ model }), ...(effort && effortSettings(effort)) }
  const apply = controlRequestLine(id, { subtype: 'apply_flag_settings', settings })
  if (effort === undefined) return claudeStep(conversation, { owed: [...conversation.owed, id] }, [], [apply])
  const question = `${id}-effort`
  return claudeStep(
    conversation,
    { owed: [...conversation.owed, id, question], effortAsked: { id: question, effort } },
    [],
    [apply, controlRequestLine(question, { subtype: 'get_settings' })],
  )
}
