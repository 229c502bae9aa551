import type {
  ApprovalRequest,
  ReasoningEffort,
  Failure,
  SessionEvent,
  TurnOutcome,
} from '@subagent-mcp/contract'
import { zeroUsage, createApprovalsWithdrawnEvents, type UsageCount } from '@subagent-mcp/driver-kit'

export type ClaudeConversation = {
  sessionId: string | undefined
  turn: ClaudeTurn | undefined
  /** The reset or rewind that Claude has not confirmed: the uuid of the `/clear` message, or the id of the request. */
  forgetting: { what: 'all' | 'newest-turn'; id: string } | undefined
  approvals: readonly ApprovalRequest[]
  /** Ids of the driver's requests that Claude has not answered; each has a deadline. */
  owed: readonly string[]
  effortAsked: { id: string; effort: ReasoningEffort } | undefined
  /** The total usage in the newest result, for versions that report totals only. */
  usedInTotal: UsageCount
  namesMessages: boolean
  /** The messages that Claude replayed since its last result. In older versions only they tell what a result answers. */
  repeated: readonly string[]
  /** Claude's word for the last error of the model API in this turn. */
  apiError: string | undefined
  /** When the limit that was hit ends, in Unix milliseconds. */
  limitEndsAt: number | undefined
}

export type ClaudeTurn = {
  id: string
  /** Whether Claude has begun with the prompt. It acknowledges and forgets an interrupt that comes earlier. */
  begun: boolean
  interrupt: 'none' | 'wanted' | 'sent'
  /** Ids of steering messages that no result has answered. */
  steers: readonly string[]
  /** How the prompt itself ended, while Claude still answers a steering message that came too late. */
  outcome: TurnOutcome | undefined
  /** The usage in Claude's results since the prompt; missing before the first result. */
  used: UsageCount | undefined
  /** The usage of the model requests since the newest result, and the ids of the messages that it counts. */
  requests: { used: UsageCount; messages: readonly string[] }
}

/** The result of a command or a line: the next state, events for the owner, lines for Claude's stdin. After a `fault` the session ends. */
export type ClaudeStep = {
  conversation: ClaudeConversation
  events: readonly SessionEvent[]
  lines: readonly string[]
  fault?: Failure
}

export const initialClaudeConversation: ClaudeConversation = {
  sessionId: undefined,
  turn: undefined,
  forgetting: undefined,
  approvals: [],
  owed: [],
  effortAsked: undefined,
  usedInTotal: zeroUsage,
  namesMessages: false,
  repeated: [],
  apiError: undefined,
  limitEndsAt: undefined,
}

/** Creates a step that changes some fields of a Claude conversation, with the given events and lines. */
export function createClaudeStep(
  conversation: ClaudeConversation,
  change: Partial<ClaudeConversation>,
  events: readonly SessionEvent[] = [],
  lines: readonly string[] = [],
): ClaudeStep {
  return { conversation: { ...conversation, ...change }, events, lines }
}

/** Ends a reset or rewind of Claude. A refusal is a fault, because the session must not see another task. */
export function finishClaudeReset(
  { forgetting, ...rest }: ClaudeConversation,
  outcome: { events: readonly SessionEvent[] } | { refusal: string },
): ClaudeStep {
  const owed = rest.owed.filter((id) => id !== forgetting?.id)
  const conversation = { ...rest, owed, forgetting: undefined }
  if ('events' in outcome) {
    return createClaudeStep(conversation, {}, [...outcome.events, { type: 'conversation-reset' }])
  }
  const message = `claude did not forget the conversation: ${outcome.refusal}`
  return { ...createClaudeStep(conversation, {}), fault: { reason: 'protocol', message } }
}

type TurnEnd = { outcome: TurnOutcome; sessionEnds?: true }

/** Ends the running turn of a Claude session. Open approval requests are withdrawn first. */
export function endClaudeTurn(conversation: ClaudeConversation, turn: ClaudeTurn, end: TurnEnd): ClaudeStep {
  const owed = conversation.owed.filter((id) => id !== turn.id)
  return createClaudeStep(conversation, { turn: undefined, approvals: [], owed, limitEndsAt: undefined }, [
    ...createApprovalsWithdrawnEvents(conversation.approvals),
    ...(turn.used ? [{ type: 'usage-reported', turnId: turn.id, usage: turn.used } as const] : []),
    { type: 'turn-ended', turnId: turn.id, ...end },
  ])
}
