/** How hard a model thinks, on one scale for all providers. `ultracode` is a mode of some Claude models. */
export const efforts = ['low', 'medium', 'high', 'xhigh', 'max', 'ultracode'] as const
export type Effort = (typeof efforts)[number]

/** The answer to an `approval-requested` event. */
export type ToolApprovalDecision = 'allow' | 'deny'

/** A command to a driver's session, as data. */
export type SessionCommand =
  /** Starts a turn; allowed only while none runs. The turn's `turn-ended` has the same `turnId`, a UUID. */
  | { type: 'prompt'; turnId: string; text: string }
  /** Adds a message to the running turn. */
  | { type: 'steer'; messageId: string; text: string }
  | { type: 'answer'; requestId: string; decision: ToolApprovalDecision; reason?: string }
  /** Interrupts the running turn; the session continues. */
  | { type: 'interrupt' }
  /**
   * Removes the whole conversation and ends processes that its tools left behind. Sent only while no turn runs.
   * Confirmed by `conversation-reset`, after a `session-identified` with the new session id. A session that cannot
   * reset closes.
   */
  | { type: 'reset' }
  /** Removes only the newest turn. Needs the ability `rewind`. */
  | { type: 'rewind'; turnId: string }
  /** Changes model, effort or both, from the next model request on. */
  | { type: 'configure'; model?: string; effort?: Effort }
