import type { Failure } from './failure.js'

export type TurnOutcome =
  /** How a turn ended. `answer` is the complete final text; empty where the model said nothing. */
  { type: 'completed'; answer: string } | { type: 'failed'; failure: Failure } | { type: 'interrupted' }

/** The tokens and cost of one turn, not cumulative. Values that the provider does not report are missing. */
export type TurnUsage = {
  inputTokens?: number
  /** The part of the input that came from the provider's prompt cache. */
  cachedInputTokens?: number
  /** The part of the input that was written to the provider's prompt cache. */
  cacheWriteInputTokens?: number
  outputTokens?: number
  costUsd?: number
}

/** A tool call that waits for an answer. */
export type ApprovalRequest = {
  requestId: string
  tool: string
  /** The input of the tool call, unchanged from the CLI. */
  input: unknown
}

/** A limit of an account, such as `five_hour`. Values that the provider does not report are missing. */
export type AccountLimit = {
  name: string
  usedPercent?: number
  resetsAt?: number
  /** Whether the provider refuses requests until the limit resets. */
  exhausted: boolean
}

/** An event of a running session, which a driver translates from its CLI. */
export type SessionEvent =
  /** The provider's session id: at the start, and again after a reset. */
  | { type: 'session-identified'; sessionId: string; model?: string }
  /**
   * A `reset` or `rewind` is complete: the conversation and the processes of what was removed are gone. Where a
   * shared CLI's processes cannot be told apart, they end at the next moment without a turn.
   */
  | { type: 'conversation-reset' }
  /** A piece of text while it is written. The complete text follows in `message-ended`. */
  | { type: 'text-delta'; text: string }
  /** The model is thinking. Its thoughts are not passed on. */
  | { type: 'thinking-advanced' }
  | { type: 'message-ended'; text: string }
  | { type: 'tool-started'; callId: string; tool: string; input: unknown }
  | { type: 'tool-ended'; callId: string; failed: boolean; output: string }
  | ({ type: 'approval-requested' } & ApprovalRequest)
  /** The CLI withdrew the question: it was answered elsewhere, or its turn ended. */
  | { type: 'approval-withdrawn'; requestId: string }
  | { type: 'usage-reported'; turnId: string; usage: TurnUsage }
  /** The usage of a running turn so far, where the CLI reports it. `usage-reported` follows with the usage of the whole turn. */
  | { type: 'usage-advanced'; turnId: string; usage: TurnUsage }
  /** The CLI retries a failed model request by itself. */
  | { type: 'retry-announced'; attempt: number; maxAttempts: number; failure: Failure }
  /** The newest state of the listed account limits, which replaces the earlier one. */
  | { type: 'limits-reported'; limits: readonly AccountLimit[] }
  /** `sessionEnds`: the session ended with the turn. `session-closed` follows, and no prompt can be sent. */
  | { type: 'turn-ended'; turnId: string; outcome: TurnOutcome; sessionEnds?: true }
  /** A message for the user that fits no other event. */
  | { type: 'notice'; text: string }
  /** The last event, exactly once. `failure` is missing where the session was told to end. */
  | { type: 'session-closed'; failure?: Failure }
