import { defined, type SessionCommand } from '@subagent-mcp/contract'
import { step, type Conversation, type Step, type Turn } from './conversation.js'
import { effortSettings } from '../launch/effort.js'
import { command, message, request, response } from './requests.js'

type Of<T extends SessionCommand['type']> = Extract<SessionCommand, { type: T }>

/** A command as lines for the CLI. `id` is a fresh UUID, for the commands that bring none. */
export function encode(conversation: Conversation, command: SessionCommand, id: string): Step {
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

function prompt(conversation: Conversation, { turnId, text }: Of<'prompt'>): Step {
  if (conversation.turn !== undefined) {
    const failure = {
      reason: 'bad-request',
      message: 'a turn is running: steer it, or wait for its end',
    } as const
    return step(conversation, {}, [{ type: 'turn-ended', turnId, outcome: { type: 'failed', failure } }])
  }
  const turn: Turn = {
    id: turnId,
    begun: false,
    interrupt: 'none',
    steers: [],
    outcome: undefined,
    used: undefined,
  }
  return step(conversation, { turn }, [], [message(turnId, text)])
}

/** Claude Code takes a message in at the next tool call, or gives it a run of its own after the answer. */
function steer(conversation: Conversation, { messageId, text }: Of<'steer'>): Step {
  const { turn } = conversation
  if (turn === undefined) {
    return step(conversation, {}, [{ type: 'notice', text: 'no turn is running: the message was not sent' }])
  }
  const steered = { ...turn, steers: [...turn.steers, messageId] }
  return step(conversation, { turn: steered }, [], [message(messageId, text)])
}

function answer(conversation: Conversation, { requestId, decision, reason }: Of<'answer'>): Step {
  const asked = conversation.approvals.find((approval) => approval.requestId === requestId)
  if (asked === undefined) {
    return step(conversation, {}, [{ type: 'notice', text: `nothing waits for an answer to ${requestId}` }])
  }
  const approvals = conversation.approvals.filter((approval) => approval !== asked)
  const body =
    decision === 'allow'
      ? { behavior: 'allow', updatedInput: asked.input }
      : { behavior: 'deny', message: reason ?? 'The request was denied.' }
  return step(conversation, { approvals }, [], [response(requestId, body)])
}

/** Messages that still wait are taken back too: each would run on its own after the interrupted turn. */
function interrupt(conversation: Conversation): Step {
  const { turn } = conversation
  if (turn === undefined || turn.interrupt !== 'none') return step(conversation, {})
  const takenBack = turn.steers.map((id) =>
    request(id, { subtype: 'cancel_async_message', message_uuid: id }),
  )
  return step(
    conversation,
    {
      turn: { ...turn, interrupt: turn.begun ? 'sent' : 'wanted' },
      owed: [...conversation.owed, turn.id, ...turn.steers],
    },
    [],
    turn.begun ? [...takenBack, interruption(turn.id)] : takenBack,
  )
}

/** The request that ends a turn, under the turn's own id: it is owed until the turn has ended. */
export function interruption(turnId: string): string {
  return request(turnId, { subtype: 'interrupt' })
}

function reset(conversation: Conversation, id: string): Step {
  if (conversation.forgetting !== undefined) return step(conversation, {})
  const owed = [...conversation.owed, id]
  return step(conversation, { forgetting: { what: 'all', id }, owed }, [], [command(id, '/clear')])
}

/** Claude Code forgets a message and all after it. */
function rewind(conversation: Conversation, { turnId }: Of<'rewind'>, id: string): Step {
  if (conversation.forgetting !== undefined) return step(conversation, {})
  const owed = [...conversation.owed, id]
  const asked = request(id, { subtype: 'rewind_conversation', target_message_uuid: turnId })
  return step(conversation, { forgetting: { what: 'newest-turn', id }, owed }, [], [asked])
}

/** The CLI says yes to any effort, also to one that the model does not take: it is asked what came of it. */
function configure(conversation: Conversation, { model, effort }: Of<'configure'>, id: string): Step {
  const settings = { ...defined({ model }), ...(effort && effortSettings(effort)) }
  const apply = request(id, { subtype: 'apply_flag_settings', settings })
  if (effort === undefined) return step(conversation, { owed: [...conversation.owed, id] }, [], [apply])
  const question = `${id}-effort`
  return step(
    conversation,
    { owed: [...conversation.owed, id, question], effortAsked: { id: question, effort } },
    [],
    [apply, request(question, { subtype: 'get_settings' })],
  )
}
