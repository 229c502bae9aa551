/** How hard a model should think, on one scale for all providers; `ultracode` is a mode of some Claude models. */
export const efforts = ['low', 'medium', 'high', 'xhigh', 'max', 'ultracode'] as const
export type Effort = (typeof efforts)[number]

/** The answer to an `approval-requested` event. */
export type ApprovalDecision = 'allow' | 'deny'

/** What a session can be told. Commands are data; `send` never throws for what the CLI then does. */
export type SessionCommand =
  /** Starts a turn. Sent only while no turn runs; `turnId` (a UUID) comes back in its `turn-ended`. */
  | { type: 'prompt'; turnId: string; text: string }
  /** Puts a message into the running turn. It gets no turn of its own. */
  | { type: 'steer'; messageId: string; text: string }
  | { type: 'answer'; requestId: string; decision: ApprovalDecision; reason?: string }
  /** Ends the running turn, which then ends `interrupted`; the session goes on. */
  | { type: 'interrupt' }
  /**
   * Forgets the conversation, and ends what its tools left running. Sent only while no turn runs. Acknowledged by
   * `conversation-reset`, after a `session-identified` with the new session id; a session that cannot do it closes.
   */
  | { type: 'reset' }
  /** The same for the newest turn alone: what came before it is kept. Needs the ability. */
  | { type: 'rewind'; turnId: string }
  /** Changes the model, the effort or both, from the next model request on. */
  | { type: 'configure'; model?: string; effort?: Effort }
