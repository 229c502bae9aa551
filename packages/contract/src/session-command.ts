/** How hard a model thinks, on one scale for all providers. `ultracode` is a mode of some Claude models. */
export const reasoningEfforts = ['low', 'medium', 'high', 'xhigh', 'max', 'ultracode'] as const
export type ReasoningEffort = (typeof reasoningEfforts)[number]

/** The answer to an `approval-requested` event. */
export type ToolApprovalDecision = 'allow' | 'deny'

/** The formats of images that models read. */
export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'

/** A file that a message hands to an agent. */
export type MessageFile = {
  /** The absolute path. */
  path: string
  /** The content of an image, in Base64. Missing for all other files. */
  image?: { type: ImageType; data: string }
  /** The difference from the file that was attached, such as `it no longer exists`. */
  problem?: string
}

/** A command to a driver's session, as data. */
export type SessionCommand =
  /** Starts a turn; allowed only while none runs. The turn's `turn-ended` has the same `turnId`, a UUID. */
  | { type: 'prompt'; turnId: string; text: string; files?: readonly MessageFile[] }
  /** Adds a message to the running turn. */
  | { type: 'steer'; messageId: string; text: string; files?: readonly MessageFile[] }
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
  | { type: 'configure'; model?: string; effort?: ReasoningEffort }
