import type { SessionCommand } from '@subagent-mcp/contract'
import { chooseModel } from './choices.js'
import {
  endTurn,
  serversMark,
  step,
  withdrawn,
  type Conversation,
  type Step,
  type Turn,
} from './conversation.js'
import { markServers } from './mcp-servers.js'
import { answer } from './questions.js'
import { cancel, newSession, permission, prompt, setModel } from './requests.js'

type Of<T extends SessionCommand['type']> = Extract<SessionCommand, { type: T }>

/** A command as requests to the agent. */
export function encode(conversation: Conversation, command: SessionCommand): Step {
  switch (command.type) {
    case 'prompt':
      return begin(conversation, command)
    case 'steer':
      return noticed(
        conversation,
        `${conversation.choices.label} cannot be steered: the message was not sent`,
      )
    case 'answer':
      return answer(conversation, command)
    case 'interrupt':
      return interrupt(conversation)
    case 'reset':
      return reset(conversation)
    case 'rewind':
      return noticed(conversation, `${conversation.choices.label} cannot forget a turn alone: none was`)
    case 'configure':
      return configure(conversation, command)
  }
}

function begin(conversation: Conversation, { turnId, text }: Of<'prompt'>): Step {
  if (conversation.turn !== undefined) {
    const failure = { reason: 'bad-request', message: 'a turn is running: wait for its end' } as const
    const events = [{ type: 'turn-ended', turnId, outcome: { type: 'failed', failure } } as const]
    return step(conversation, {}, { events })
  }
  const turn: Turn = {
    id: turnId,
    phase: { type: 'waiting', text },
    message: '',
    tools: {},
    asksModel: false,
    retries: 0,
    costBefore: undefined,
  }
  return sendPrompt({ ...conversation, turn })
}

/** Sends the prompt that waits, unless the session that it is for is not there yet. */
export function sendPrompt(conversation: Conversation): Step {
  const { turn, preamble, sessionId, resetting, cost } = conversation
  if (turn?.phase.type !== 'waiting' || resetting) return step(conversation, {})
  const words = wordsOf(preamble, turn.phase.text)
  return step(
    conversation,
    { turn: { ...turn, phase: { type: 'running' }, asksModel: true, costBefore: cost }, preamble: undefined },
    { calls: [prompt(sessionId, words)] },
  )
}

/** Agents take a prompt that begins like a command of theirs for one: then words stand before it. */
function wordsOf(preamble: string | undefined, text: string): string {
  if (preamble !== undefined) return `<system_prompt>\n${preamble}\n</system_prompt>\n\n${text}`
  return /^\s*[/$]/.test(text) ? `The message:\n\n${text}` : text
}

function interrupt(conversation: Conversation): Step {
  const { turn, questions, sessionId } = conversation
  if (turn?.phase.type === 'waiting') return endTurn(conversation, turn, { outcome: { type: 'interrupted' } })
  if (turn?.phase.type !== 'running') return step(conversation, {})
  return step(
    conversation,
    { turn: { ...turn, phase: { type: 'cancelled' } }, questions: [] },
    {
      events: withdrawn(conversation),
      calls: [cancel(sessionId)],
      replies: questions.map(({ requestId }) => ({ requestId, result: permission(undefined) })),
    },
  )
}

function reset(conversation: Conversation): Step {
  if (conversation.resetting) return step(conversation, {})
  if (conversation.turn !== undefined) {
    return step(conversation, {}, { events: [notice('a turn is running: nothing was forgotten')] })
  }
  const { choices, resets } = conversation
  const servers = markServers(choices.servers, serversMark(choices, resets + 1))
  return step(conversation, { resetting: true }, { calls: [newSession(choices.cwd, servers)] })
}

function configure(conversation: Conversation, { model, effort }: Of<'configure'>): Step {
  const { choices, sessionId } = conversation
  const spoken = effort === undefined ? [] : [notice(`${choices.label} takes no effort: it was left out`)]
  if (model === undefined) return step(conversation, {}, { events: spoken })
  const chosen = chooseModel(choices.models, model, choices.label)
  if ('failure' in chosen) {
    const { message, hint = '' } = chosen.failure
    return step(conversation, {}, { events: [...spoken, notice(`${message}; ${hint}`)] })
  }
  return step(
    conversation,
    { choices: { ...choices, model: chosen.model } },
    { events: spoken, calls: [setModel(sessionId, chosen.model, choices.modelConfigId)] },
  )
}

function noticed(conversation: Conversation, text: string): Step {
  return step(conversation, {}, { events: [notice(text)] })
}

function notice(text: string) {
  return { type: 'notice', text } as const
}
