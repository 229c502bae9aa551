import type { ApprovalRequest, Effort, Failure, SessionEvent, TurnOutcome } from '@subagent-mcp/contract'
import { nothingSpent, type Spending } from './spending.js'

/** What we know of a session between two lines. */
export type Conversation = {
  sessionId: string | undefined
  turn: Turn | undefined
  /** What is being forgotten: the uuid of the `/clear` message, or the id of the request to rewind. */
  forgetting: { what: 'all' | 'newest-turn'; id: string } | undefined
  approvals: readonly ApprovalRequest[]
  /** Ids of requests that the CLI owes an answer: each has a deadline. */
  owed: readonly string[]
  /** An effort that was changed, and the id of the request that asks what the CLI made of it. */
  effortAsked: { id: string; effort: Effort } | undefined
  /** The total of the newest result, for the versions that say no more than that. */
  spent: Spending
  /** This version names in a result the messages that it answers. */
  namesMessages: boolean
  /** Our messages that the CLI repeated since its last result: in older versions the only sign of whose it is. */
  repeated: readonly string[]
  /** The word that the CLI has for the model API's last error in this turn. */
  apiError: string | undefined
  /** Unix milliseconds at which the limit that was hit ends. */
  limitEndsAt: number | undefined
}

/** A prompt that has no end yet. */
export type Turn = {
  id: string
  /** Before the CLI has begun with a message it acknowledges an interrupt and forgets it. */
  begun: boolean
  interrupt: 'none' | 'wanted' | 'sent'
  /** Steering messages that no result has named yet. */
  steers: readonly string[]
  /** How the prompt itself ended, while a message that came too late to steer has a run of its own. */
  outcome: TurnOutcome | undefined
  /** What the results since its prompt say was used; missing before the first of them. */
  used: Spending | undefined
}

/** What a command or a line leads to: events for the owner, lines for the CLI's stdin. After a `fault` it cannot go on. */
export type Step = {
  conversation: Conversation
  events: readonly SessionEvent[]
  lines: readonly string[]
  fault?: Failure
}

/** A session that has said nothing yet. */
export const newConversation: Conversation = {
  sessionId: undefined,
  turn: undefined,
  forgetting: undefined,
  approvals: [],
  owed: [],
  effortAsked: undefined,
  spent: nothingSpent,
  namesMessages: false,
  repeated: [],
  apiError: undefined,
  limitEndsAt: undefined,
}

/** A step that changes what is named, and says what is listed. */
export function step(
  conversation: Conversation,
  change: Partial<Conversation>,
  events: readonly SessionEvent[] = [],
  lines: readonly string[] = [],
): Step {
  return { conversation: { ...conversation, ...change }, events, lines }
}

/** The answer to a reset or a rewind: either it is done, or the session must not see another task. */
export function endForgetting(
  { forgetting, ...rest }: Conversation,
  outcome: { events: readonly SessionEvent[] } | { refusal: string },
): Step {
  const owed = rest.owed.filter((id) => id !== forgetting?.id)
  const conversation = { ...rest, owed, forgetting: undefined }
  if ('events' in outcome) {
    return step(conversation, {}, [...outcome.events, { type: 'conversation-reset' }])
  }
  const message = `claude did not forget the conversation: ${outcome.refusal}`
  return { ...step(conversation, {}), fault: { reason: 'protocol', message } }
}

/** How a turn ends, and whether its session ends with it. */
type TurnEnd = { outcome: TurnOutcome; sessionEnds?: true }

/** Ends the running turn; questions that still wait are taken back first. */
export function endTurn(conversation: Conversation, turn: Turn, end: TurnEnd): Step {
  const withdrawn = conversation.approvals.map(({ requestId }): SessionEvent => ({
    type: 'approval-withdrawn',
    requestId,
  }))
  const owed = conversation.owed.filter((id) => id !== turn.id)
  return step(conversation, { turn: undefined, approvals: [], owed, limitEndsAt: undefined }, [
    ...withdrawn,
    ...(turn.used ? [{ type: 'usage-reported', turnId: turn.id, usage: turn.used } as const] : []),
    { type: 'turn-ended', turnId: turn.id, ...end },
  ])
}
