import { z } from 'zod'

/** Why a process or turn of an agent failed. A closed set, so that callers can switch on it. */
export const FailureReason = z.enum([
  'not-installed',
  'not-signed-in',
  'rate-limited',
  'overloaded',
  'model-unavailable',
  'context-too-long',
  'bad-request',
  'crashed',
  'protocol',
  'timed-out',
  /** A person or another agent ended the agent. */
  'stopped',
  /** The network between the CLI and its model failed. */
  'connection-lost',
  /** Every candidate failed before its first output; the message names all of them. */
  'no-candidate-left',
  /** The turn reached its limit of model requests. */
  'max-turns',
  /** The budget of the agent, or of one that launched it, is spent. */
  'budget-spent',
  /** The launch was refused: its definition, options, permissions or the files of its project must change. */
  'refused',
  /** A check of the turn's result failed, and the agent did not repair it. */
  'rejected',
  'unknown',
])
export type FailureReason = z.infer<typeof FailureReason>

/** A failure of an agent, a CLI or a network. It is a value in facts and results, and is never thrown. */
export type Failure = {
  reason: FailureReason
  /** For `no-candidate-left`: the failure reasons of all candidates, each once. */
  reasons?: readonly FailureReason[]
  /** The failure in one line, for a person or a model. */
  message: string
  /** The next step that can help after this failure. */
  hint?: string
  /** Unix milliseconds at which a rate limit ends. */
  resetsAt?: number
  /** The HTTP status with which the model API failed. */
  httpStatus?: number
  /** The last lines that the CLI's process wrote to stderr. */
  stderrTail?: string
}
