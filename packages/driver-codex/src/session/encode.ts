import { omitUndefined, type SessionCommand } from '@subagent-mcp/contract'
import {
  composeMessage,
  createNoSuchRequestNotice,
  createNoticeEvent,
  zeroUsage,
  createPromptRefusedEvent,
  type SessionCommandOfType,
} from '@subagent-mcp/driver-kit'
import { checkCodexModelAndEffort } from '../launch/choose-model.js'
import {
  createCodexNoticeStep,
  createCodexStep,
  type CodexConversation,
  type CodexStep,
  type CodexTurn,
} from './conversation.js'
import { resetThread, rewindThread } from './reset-thread.js'
import { createInterruptTurnRequest, createStartTurnRequest, createSteerTurnRequest } from './requests.js'

export function encodeCodexCommand(conversation: CodexConversation, command: SessionCommand): CodexStep {
  const { forgetting } = conversation
  if (forgetting !== undefined && command.type !== 'answer') {
    return createCodexStep(conversation, {
      forgetting: { ...forgetting, held: [...forgetting.held, command] },
    })
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
      return resetThread(conversation)
    case 'rewind':
      return rewindThread(conversation, command.turnId)
    case 'configure':
      return configure(conversation, command)
  }
}

function prompt(conversation: CodexConversation, command: SessionCommandOfType<'prompt'>): CodexStep {
  const { turnId } = command
  if (conversation.turn !== undefined) {
    const refused = createPromptRefusedEvent(turnId, 'a turn is running: steer it, or wait for its end')
    return createCodexStep(conversation, {}, { events: [refused] })
  }
  const { threadId, unsentSettings, outputSchema } = conversation
  const settings = { ...unsentSettings, ...omitUndefined({ outputSchema }) }
  const call = createStartTurnRequest({ threadId, id: turnId, ...wordsOf(command) }, settings)
  return createCodexStep(conversation, { turn: newTurn(turnId), unsentSettings: {} }, { calls: [call] })
}

function wordsOf(message: SessionCommandOfType<'prompt' | 'steer'>): {
  text: string
  images: readonly string[]
} {
  const { text, images } = composeMessage(message, { takesImages: true })
  return { text, images: images.map(({ path }) => path) }
}

function newTurn(id: string): CodexTurn {
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
    used: zeroUsage,
    retries: 0,
    changes: {},
    items: [],
  }
}

function steer(conversation: CodexConversation, command: SessionCommandOfType<'steer'>): CodexStep {
  const { messageId: id } = command
  const words = wordsOf(command)
  const { turn, threadId } = conversation
  if (turn === undefined)
    return createCodexNoticeStep(conversation, 'no turn is running: the message was not sent')
  const { codexId } = turn
  const state = codexId === undefined ? 'held' : 'sent'
  const calls = codexId === undefined ? [] : [createSteerTurnRequest({ threadId, id, ...words }, codexId)]
  return createCodexStep(
    conversation,
    { turn: { ...turn, steers: [...turn.steers, { id, ...words, state }] } },
    { calls },
  )
}

/** Answers an approval request of Codex. A denial takes no reason, so the model gets the reason as a steering message. */
function answer(
  conversation: CodexConversation,
  { requestId, decision, reason }: SessionCommandOfType<'answer'>,
): CodexStep {
  const approval = conversation.approvals.find((other) => other.requestId === requestId)
  if (approval === undefined)
    return createCodexStep(conversation, {}, { events: [createNoSuchRequestNotice(requestId)] })
  const approvals = conversation.approvals.filter((other) => other !== approval)
  const replies = [{ requestId, result: approval[decision] }]
  if (decision === 'allow' || reason === undefined)
    return createCodexStep(conversation, { approvals }, { replies })
  const text = `${approval.tool} was not allowed: ${reason}`
  const steered = steer(
    { ...conversation, approvals },
    { type: 'steer', messageId: `denied-${requestId}`, text },
  )
  return { ...steered, replies }
}

function interrupt(conversation: CodexConversation): CodexStep {
  const { turn, threadId } = conversation
  if (turn === undefined || turn.interrupt !== 'none') return createCodexStep(conversation, {})
  if (!turn.begun || turn.codexId === undefined) {
    return createCodexStep(conversation, { turn: { ...turn, interrupt: 'wanted' } })
  }
  const calls = [createInterruptTurnRequest(threadId, turn.codexId)]
  return createCodexStep(conversation, { turn: { ...turn, interrupt: 'sent' } }, { calls })
}

function configure(
  conversation: CodexConversation,
  { model, effort }: SessionCommandOfType<'configure'>,
): CodexStep {
  const { models, settings, unsentSettings } = conversation
  const asked = omitUndefined({ model, effort })
  const choice = checkCodexModelAndEffort(models, asked, settings.model)
  if ('failure' in choice) {
    const { message, hint } = choice.failure
    return createCodexNoticeStep(conversation, [message, ...(hint === undefined ? [] : [hint])].join('; '))
  }
  const events = choice.notes.map(createNoticeEvent)
  const change = {
    settings: { ...settings, ...choice.settings },
    unsentSettings: { ...unsentSettings, ...choice.settings },
  }
  return createCodexStep(conversation, change, { events })
}
