import { z } from 'zod'

/** Why an agent's process or turn failed: a closed set, so that callers can switch on it. */
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
  /** Somebody ended it. */
  'stopped',
  /** The network failed between the CLI and its model. */
  'connection-lost',
  /** Each candidate failed before it had said anything; the message names all of them. */
  'no-candidate-left',
  /** The turn took as many model requests as it was allowed to. */
  'max-turns',
  /** The launch was refused as it was asked for: its definition, options or permissions, or its project's files, must change. */
  'refused',
  'unknown',
])
export type FailureReason = z.infer<typeof FailureReason>

/** What an agent, a CLI or a network did wrong. A fact, never thrown. */
export type Failure = {
  reason: FailureReason
  /** The reasons of all candidates, each once, where the reason is `no-candidate-left`. */
  reasons?: readonly FailureReason[]
  /** One line for a person or a model to read. */
  message: string
  /** What to do next, where something can be done. */
  hint?: string
  /** Unix milliseconds at which a rate limit ends, where the CLI says so. */
  resetsAt?: number
  /** The model API's status, where the CLI says so. */
  httpStatus?: number
  /** The last lines that the process wrote to stderr. */
  stderrTail?: string
}
