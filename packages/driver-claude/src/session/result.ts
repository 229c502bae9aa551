import type { TurnOutcome } from '@subagent-mcp/contract'
import { classifyResult } from '../classify.js'
import { endForgetting, endTurn, step, type Conversation, type Step, type Turn } from './conversation.js'
import { add, nothingSpent, spendingAt, spentBy } from './spending.js'
import type { ResultLine } from './wire.js'

/** Gives a result to the prompt or the reset whose it is, by the uuids of the messages and never by order. */
export function resultOf(conversation: Conversation, line: ResultLine): Step {
  const { forgetting } = conversation
  const turn = withUsage(conversation, line)
  const heard = { ...conversation, turn, spent: spendingAt(line), repeated: [], apiError: undefined }
  const named = messagesOf(conversation, line)
  // A command to the CLI itself is not even repeated by the versions that name no messages.
  const isCommand = !conversation.namesMessages && named.length === 0 && line.num_turns === 0
  if (forgetting?.what === 'all' && (isCommand || named.includes(forgetting.id))) return hasReset(heard, line)
  if (turn !== undefined && (isCommand || [turn.id, ...turn.steers].some((id) => named.includes(id)))) {
    const steers = turn.steers.filter((id) => !named.includes(id))
    return settle(heard, { ...turn, begun: false, steers, outcome: outcomeOf(conversation, line) })
  }
  return step(heard, {}, [{ type: 'notice', text: 'a result that belongs to no prompt was left out' }])
}

/** Ends a turn that has an outcome, unless a message of it still waits for a run of its own. */
export function settle(conversation: Conversation, turn: Turn): Step {
  if (turn.outcome === undefined || turn.steers.length > 0) return step(conversation, { turn })
  const outcome: TurnOutcome = turn.interrupt === 'wanted' ? { type: 'interrupted' } : turn.outcome
  return endTurn(conversation, turn, { outcome })
}

/** The running turn, with what this result used: also where that was a run which the CLI began by itself. */
function withUsage({ turn, spent }: Conversation, line: ResultLine): Turn | undefined {
  return turn && { ...turn, used: add(turn.used ?? nothingSpent, spentBy(line, spent)) }
}

function messagesOf(conversation: Conversation, line: ResultLine): readonly string[] {
  if (line.user_message_uuids !== undefined) return line.user_message_uuids
  if (line.user_message_uuid !== undefined) return [line.user_message_uuid]
  return conversation.namesMessages ? [] : conversation.repeated
}

function hasReset(conversation: Conversation, line: ResultLine): Step {
  const { session_id: sessionId } = line
  if (line.is_error || sessionId === undefined || sessionId === conversation.sessionId) {
    return endForgetting(conversation, { refusal: line.result ?? 'it has no new session' })
  }
  const events = [{ type: 'session-identified', sessionId } as const]
  return endForgetting({ ...conversation, sessionId }, { events })
}

/** `is_error` decides: the subtype says `success` for most errors. */
function outcomeOf(conversation: Conversation, line: ResultLine): TurnOutcome {
  if (line.terminal_reason?.startsWith('aborted')) return { type: 'interrupted' }
  if (!line.is_error) return { type: 'completed', answer: line.result ?? '' }
  const { apiError: word, limitEndsAt } = conversation
  return { type: 'failed', failure: classifyResult(line, { word, limitEndsAt }) }
}
