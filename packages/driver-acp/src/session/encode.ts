import type { SessionCommand } from '@subagent-mcp/contract'
import {
  composeMessage,
  createNoticeEvent,
  createPromptRefusedEvent,
  createApprovalsWithdrawnEvents,
  type SessionCommandOfType,
} from '@subagent-mcp/driver-kit'
import { findAcpModelId } from './choices.js'
import {
  endAcpTurn,
  formatMcpServerMark,
  createAcpStep,
  type AcpConversation,
  type AcpStep,
  type AcpTurn,
} from './conversation.js'
import { markMcpServers } from './mcp-servers.js'
import { replyToAcpPermission } from './questions.js'
import {
  createCancelRequest,
  createNewSessionRequest,
  createPermissionResult,
  createPromptRequest,
  createSetModelRequest,
} from './requests.js'

export function encodeAcpCommand(conversation: AcpConversation, command: SessionCommand): AcpStep {
  switch (command.type) {
    case 'prompt':
      return prompt(conversation, command)
    case 'steer':
      return noticeStep(
        conversation,
        `${conversation.choices.label} cannot be steered: the message was not sent`,
      )
    case 'answer':
      return replyToAcpPermission(conversation, command)
    case 'interrupt':
      return interrupt(conversation)
    case 'reset':
      return reset(conversation)
    case 'rewind':
      return noticeStep(conversation, `${conversation.choices.label} cannot forget a turn alone: none was`)
    case 'configure':
      return configure(conversation, command)
  }
}

function prompt(conversation: AcpConversation, command: SessionCommandOfType<'prompt'>): AcpStep {
  const { turnId } = command
  if (conversation.turn !== undefined) {
    return createAcpStep(
      conversation,
      {},
      { events: [createPromptRefusedEvent(turnId, 'a turn is running: wait for its end')] },
    )
  }
  const turn: AcpTurn = {
    id: turnId,
    phase: { type: 'waiting', ...composeMessage(command, conversation.choices) },
    message: '',
    tools: {},
    asksModel: false,
    retries: 0,
    costBefore: undefined,
  }
  return sendWaitingPrompt({ ...conversation, turn })
}

/** Sends the prompt that waited for a reset, unless its new ACP session is not open yet. */
export function sendWaitingPrompt(conversation: AcpConversation): AcpStep {
  const { turn, preamble, sessionId, resetting, cost } = conversation
  if (turn?.phase.type !== 'waiting' || resetting) return createAcpStep(conversation, {})
  const { images } = turn.phase
  const text = promptText(preamble, turn.phase.text)
  return createAcpStep(
    conversation,
    { turn: { ...turn, phase: { type: 'running' }, asksModel: true, costBefore: cost }, preamble: undefined },
    { calls: [createPromptRequest(sessionId, { text, images })] },
  )
}

/** The text of a prompt. Words go before a leading `/` or `$`, which agents read as a command of theirs. */
function promptText(preamble: string | undefined, text: string): string {
  if (preamble !== undefined) return `<system_prompt>\n${preamble}\n</system_prompt>\n\n${text}`
  return /^\s*[/$]/.test(text) ? `The message:\n\n${text}` : text
}

function interrupt(conversation: AcpConversation): AcpStep {
  const { turn, approvals, sessionId } = conversation
  if (turn?.phase.type === 'waiting')
    return endAcpTurn(conversation, turn, { outcome: { type: 'interrupted' } })
  if (turn?.phase.type !== 'running') return createAcpStep(conversation, {})
  return createAcpStep(
    conversation,
    { turn: { ...turn, phase: { type: 'cancelled' } }, approvals: [] },
    {
      events: createApprovalsWithdrawnEvents(approvals),
      calls: [createCancelRequest(sessionId)],
      replies: approvals.map(({ requestId }) => ({ requestId, result: createPermissionResult(undefined) })),
    },
  )
}

function reset(conversation: AcpConversation): AcpStep {
  if (conversation.resetting) return createAcpStep(conversation, {})
  if (conversation.turn !== undefined) {
    return createAcpStep(
      conversation,
      {},
      { events: [createNoticeEvent('a turn is running: nothing was forgotten')] },
    )
  }
  const { choices, resets } = conversation
  const servers = markMcpServers(choices.servers, formatMcpServerMark(choices, resets + 1))
  return createAcpStep(
    conversation,
    { resetting: true },
    { calls: [createNewSessionRequest(choices.cwd, servers)] },
  )
}

function configure(
  conversation: AcpConversation,
  { model, effort }: SessionCommandOfType<'configure'>,
): AcpStep {
  const { choices, sessionId } = conversation
  const notices =
    effort === undefined ? [] : [createNoticeEvent(`${choices.label} takes no effort: it was left out`)]
  if (model === undefined) return createAcpStep(conversation, {}, { events: notices })
  const chosen = findAcpModelId(choices.models, model, choices.label)
  if ('failure' in chosen) {
    const { message, hint = '' } = chosen.failure
    return createAcpStep(conversation, {}, { events: [...notices, createNoticeEvent(`${message}; ${hint}`)] })
  }
  return createAcpStep(
    conversation,
    { choices: { ...choices, model: chosen.model } },
    { events: notices, calls: [createSetModelRequest(sessionId, chosen.model, choices.modelConfigId)] },
  )
}

function noticeStep(conversation: AcpConversation, text: string): AcpStep {
  return createAcpStep(conversation, {}, { events: [createNoticeEvent(text)] })
}
