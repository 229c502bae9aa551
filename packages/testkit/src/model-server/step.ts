/** One step of a scripted model. A tool call ends its reply; the next step answers the tool result. */
export type Step =
  /** A text of the model, written in `pieces` (default: one) with a pause after each. Empty text is an empty message. */
  | { type: 'say'; text: string; pieces?: number | undefined; pauseMilliseconds?: number | undefined }
  /** Says which texts the user wrote earlier in the conversation. */
  | { type: 'recall' }
  | { type: 'think'; text: string }
  /** A string as `input` calls one of Codex's free-form tools. */
  | { type: 'tool'; tool: string; input: unknown }
  | { type: 'delay'; milliseconds: number }
  /** Waits until the test releases the gate of this name. */
  | { type: 'gate'; name: string }
  /** Sends nothing more and keeps the connection open. */
  | { type: 'hang' }
  /** Destroys the connection, in the midst of the reply. With `times`, only in the first so many tries. */
  | { type: 'cut'; times?: number | undefined }
  | ({ type: 'status' } & Refusal)
  /** The usage that the reply reports, in place of the computed one. */
  | ({ type: 'usage' } & UsageOverride)

/** An HTTP error of the model API; an error event when the reply had begun. With `times`, only the first so many tries fail. */
export type Refusal = {
  status: number
  message?: string | undefined
  retryAfterSeconds?: number | undefined
  times?: number | undefined
}

/** The token counts of one reply. `inputTokens` includes the cached ones. */
export type TokenUsage = { inputTokens: number; cachedTokens: number; outputTokens: number }

/** Token counts that a script sets in place of the computed ones. */
export type UsageOverride = { [Name in keyof TokenUsage]?: number | undefined }

/** A step of a script that becomes part of the model's message. */
export type ContentStep = Extract<Step, { type: 'say' | 'think' | 'tool' }>

/** A step that can be played without knowing the conversation. */
export type ReplyStep = Exclude<Step, { type: 'recall' | 'usage' }>

/** The scripted model's reply to a request: steps to play, and token counts. */
export type Reply = { steps: readonly ReplyStep[]; usage: UsageOverride }

/** Whether a step is part of the model's message, and not a pause or an error. */
export function isContentStep(step: Step): step is ContentStep {
  return step.type === 'say' || step.type === 'think' || step.type === 'tool'
}
