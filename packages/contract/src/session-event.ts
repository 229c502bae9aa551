import type { Failure } from './failure.js'

/** How a turn ended. */
export type TurnOutcome =
  /** `answer` is the whole final text; empty when the model said nothing. */
  { type: 'completed'; answer: string } | { type: 'failed'; failure: Failure } | { type: 'interrupted' }

/** Tokens and money of one turn alone, never cumulative. A provider that does not say leaves a field out. */
export type Usage = {
  inputTokens?: number
  /** Part of the input that was served from the provider's prompt cache. */
  cachedInputTokens?: number
  /** Part of the input that was written to that cache. */
  cacheWriteInputTokens?: number
  outputTokens?: number
  costUsd?: number
}

/** A tool call that waits for an answer. */
export type ApprovalRequest = {
  requestId: string
  tool: string
  /** The tool's input, as the CLI gave it. */
  input: unknown
}

/** One limit of an account, as `five_hour`. What the provider does not say is left out: unknown is not full. */
export type AccountLimit = {
  name: string
  usedPercent?: number
  /** Unix milliseconds. */
  resetsAt?: number
  /** Requests are refused until it resets. */
  exhausted: boolean
}

/** A fact from a running session. */
export type SessionEvent =
  /** The provider's own session id: known at the start, new after a reset. */
  | { type: 'session-identified'; sessionId: string; model?: string }
  /**
   * A `reset` or `rewind` is done: no trace of what was forgotten is left in the conversation, nor a process of it.
   * Except: where the processes of a shared CLI cannot be told apart, they end at the next moment without a turn in it.
   */
  | { type: 'conversation-reset' }
  /** A piece of text as it is written. Live only: the whole comes again in `message-ended`. */
  | { type: 'text-delta'; text: string }
  /** The model is thinking; no text of it is passed on. */
  | { type: 'thinking-advanced' }
  | { type: 'message-ended'; text: string }
  | { type: 'tool-started'; callId: string; tool: string; input: unknown }
  | { type: 'tool-ended'; callId: string; failed: boolean; output: string }
  | ({ type: 'approval-requested' } & ApprovalRequest)
  /** The CLI took the question back: answered elsewhere, or its turn ended. */
  | { type: 'approval-withdrawn'; requestId: string }
  | { type: 'usage-reported'; turnId: string; usage: Usage }
  /** The CLI retries a failed model request by itself. */
  | { type: 'retry-announced'; attempt: number; maxAttempts: number; failure: Failure }
  /** Replaces what was known of the limits that it names. */
  | { type: 'limits-reported'; limits: readonly AccountLimit[] }
  /** With `sessionEnds` the session died with its turn: `session-closed` follows at once, no prompt can be sent. */
  | { type: 'turn-ended'; turnId: string; outcome: TurnOutcome; sessionEnds?: true }
  /** Something worth showing that fits no other kind. */
  | { type: 'notice'; text: string }
  /** The last event, exactly once. Without `failure` the session ended because it was told to. */
  | { type: 'session-closed'; failure?: Failure }
