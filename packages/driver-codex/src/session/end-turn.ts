import type { TurnOutcome } from '@subagent-mcp/contract'
import { endTurn, step, type Conversation, type Step, type Turn } from './conversation.js'
import { startTurn, steerTurn } from './requests.js'

/** Codex's id of a turn is known: messages that were held for it go out. */
export function identified(conversation: Conversation, turn: Turn, codexId: string): Step {
  const { threadId } = conversation
  const held = turn.steers.filter(({ state }) => state === 'held')
  const steers = turn.steers.map((steer) =>
    held.includes(steer) ? { ...steer, state: 'sent' as const } : steer,
  )
  const calls = held.map(({ id, text }) => steerTurn({ threadId, id, text }, codexId))
  const firstCodexId = turn.firstCodexId ?? codexId
  return step(conversation, { turn: { ...turn, codexId, firstCodexId, steers } }, { calls })
}

/**
 * Ends a turn that has an outcome, as soon as each steering message has an answer. One that came too late gets a
 * run of its own, which still belongs to the turn.
 */
export function settle(conversation: Conversation, turn: Turn): Step {
  const { outcome, interrupt, steers } = turn
  if (outcome === undefined || steers.some(({ state }) => state === 'sent'))
    return step(conversation, { turn })
  const [late] = steers
  if (late === undefined || interrupt !== 'none' || outcome.type !== 'completed') {
    const interrupted: TurnOutcome = { type: 'interrupted' }
    return endTurn(conversation, turn, { outcome: interrupt === 'wanted' ? interrupted : outcome })
  }
  const { threadId, untold } = conversation
  const text = steers.map((steer) => steer.text).join('\n\n')
  const again = {
    ...turn,
    starting: late.id,
    codexId: undefined,
    begun: false,
    steers: [],
    outcome: undefined,
  }
  return step(
    conversation,
    { turn: again, untold: {} },
    { calls: [startTurn({ threadId, id: late.id, text }, untold)] },
  )
}
