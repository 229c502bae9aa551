import type { TurnOutcome } from '@subagent-mcp/contract'
import { classifyClaudeResult } from '../classify.js'
import {
  finishClaudeReset,
  endClaudeTurn,
  createClaudeStep,
  type ClaudeConversation,
  type ClaudeStep,
  type ClaudeTurn,
} from './conversation.js'
import { addUsage, zeroUsage } from '@subagent-mcp/driver-kit'
import { readClaudeTotalUsage, computeClaudeResultUsage } from './result-usage.js'
import type { ResultLine } from './wire.js'

/** Assigns a result to the prompt or reset that it answers, by the uuids of the messages and never by order. */
export function applyClaudeResult(conversation: ClaudeConversation, line: ResultLine): ClaudeStep {
  const { forgetting } = conversation
  const turn = withUsage(conversation, line)
  const heard = {
    ...conversation,
    turn,
    usedInTotal: readClaudeTotalUsage(line),
    repeated: [],
    apiError: undefined,
  }
  const named = messagesOf(conversation, line)
  // Versions that name no messages do not replay a command such as `/clear` either.
  const isCommand = !conversation.namesMessages && named.length === 0 && line.num_turns === 0
  if (forgetting?.what === 'all' && (isCommand || named.includes(forgetting.id))) return hasReset(heard, line)
  if (turn !== undefined && (isCommand || [turn.id, ...turn.steers].some((id) => named.includes(id)))) {
    const steers = turn.steers.filter((id) => !named.includes(id))
    return endClaudeTurnWhenAnswered(heard, {
      ...turn,
      begun: false,
      steers,
      outcome: outcomeOf(conversation, line),
    })
  }
  return createClaudeStep(heard, {}, [
    { type: 'notice', text: 'a result that belongs to no prompt was left out' },
  ])
}

/** Ends a turn that has an outcome, unless Claude still has to answer one of its steering messages. */
export function endClaudeTurnWhenAnswered(conversation: ClaudeConversation, turn: ClaudeTurn): ClaudeStep {
  if (turn.outcome === undefined || turn.steers.length > 0) return createClaudeStep(conversation, { turn })
  const outcome: TurnOutcome = turn.interrupt === 'wanted' ? { type: 'interrupted' } : turn.outcome
  return endClaudeTurn(conversation, turn, { outcome })
}

/** Adds the usage of a result to the running turn, also for a run that Claude began by itself. */
function withUsage({ turn, usedInTotal }: ClaudeConversation, line: ResultLine): ClaudeTurn | undefined {
  if (!turn) return undefined
  const used = addUsage(turn.used ?? zeroUsage, computeClaudeResultUsage(line, usedInTotal))
  return { ...turn, used, requests: { ...turn.requests, used: zeroUsage } }
}

function messagesOf(conversation: ClaudeConversation, line: ResultLine): readonly string[] {
  if (line.user_message_uuids !== undefined) return line.user_message_uuids
  if (line.user_message_uuid !== undefined) return [line.user_message_uuid]
  return conversation.namesMessages ? [] : conversation.repeated
}

function hasReset(conversation: ClaudeConversation, line: ResultLine): ClaudeStep {
  const { session_id: sessionId } = line
  if (line.is_error || sessionId === undefined || sessionId === conversation.sessionId) {
    return finishClaudeReset(conversation, { refusal: line.result ?? 'it has no new session' })
  }
  const events = [{ type: 'session-identified', sessionId } as const]
  return finishClaudeReset({ ...conversation, sessionId }, { events })
}

/** Returns a turn's outcome from Claude's result. Only `is_error` tells a failure: most errors have the subtype `success`. */
function outcomeOf(conversation: ClaudeConversation, line: ResultLine): TurnOutcome {
  if (line.terminal_reason?.startsWith('aborted')) return { type: 'interrupted' }
  const { structured_output: value } = line
  if (!line.is_error)
    return { type: 'completed', answer: value === undefined ? (line.result ?? '') : JSON.stringify(value) }
  const { apiError: word, limitEndsAt } = conversation
  return { type: 'failed', failure: classifyClaudeResult(line, { word, limitEndsAt }) }
}
