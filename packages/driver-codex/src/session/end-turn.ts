import type { TurnOutcome } from '@subagent-mcp/contract'
import {
  endCodexTurn,
  createCodexStep,
  type CodexConversation,
  type CodexStep,
  type CodexTurn,
} from './conversation.js'
import { createStartTurnRequest, createSteerTurnRequest } from './requests.js'

/** Sets the id that Codex gave a turn, and sends the steering messages that were held for it. */
export function onCodexTurnId(conversation: CodexConversation, turn: CodexTurn, codexId: string): CodexStep {
  const { threadId } = conversation
  const held = turn.steers.filter(({ state }) => state === 'held')
  const steers = turn.steers.map((steer) =>
    held.includes(steer) ? { ...steer, state: 'sent' as const } : steer,
  )
  const calls = held.map(({ id, text, images }) =>
    createSteerTurnRequest({ threadId, id, text, images }, codexId),
  )
  const firstCodexId = turn.firstCodexId ?? codexId
  return createCodexStep(conversation, { turn: { ...turn, codexId, firstCodexId, steers } }, { calls })
}

/**
 * Ends a Codex session's turn that has an outcome, as soon as each steering message has an answer. Messages that came too late
 * are sent as another turn of Codex, which still belongs to this turn.
 */
export function endCodexTurnWhenAnswered(conversation: CodexConversation, turn: CodexTurn): CodexStep {
  const { outcome, interrupt, steers } = turn
  if (outcome === undefined || steers.some(({ state }) => state === 'sent'))
    return createCodexStep(conversation, { turn })
  const [late] = steers
  if (late === undefined || interrupt !== 'none' || outcome.type !== 'completed') {
    const interrupted: TurnOutcome = { type: 'interrupted' }
    return endCodexTurn(conversation, turn, { outcome: interrupt === 'wanted' ? interrupted : outcome })
  }
  const { threadId, unsentSettings } = conversation
  const text = steers.map((steer) => steer.text).join('\n\n')
  const images = steers.flatMap((steer) => steer.images)
  const again = {
    ...turn,
    starting: late.id,
    codexId: undefined,
    begun: false,
    steers: [],
    outcome: undefined,
  }
  return createCodexStep(
    conversation,
    { turn: again, unsentSettings: {} },
    { calls: [createStartTurnRequest({ threadId, id: late.id, text, images }, unsentSettings)] },
  )
}
