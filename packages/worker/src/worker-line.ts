import type { TurnUsage } from '@subagent-mcp/contract'

/** A line of a worker's log, with its time in Unix milliseconds. */
export type WorkerLine = { at: number } & (
  | { type: 'started'; session?: string }
  | ({ type: 'turn' } & WorkerTurnLine)
  /** Logged once, until `recovered`. */
  | { type: 'unreachable'; problem: string }
  | { type: 'recovered' }
  /** An unexpected problem; the worker continues. */
  | { type: 'trouble'; problem: string }
  /** The worker takes no messages before `until`. */
  | WorkerPause
  | { type: 'stopped' }
)

/**
 * A time in which a worker takes no messages. `resting`: a budget is spent or a rate limit reached. `blocked`: every
 * turn fails until a person repairs something; at `until` the worker tries again. Times are Unix milliseconds.
 */
export type WorkerPause = { type: 'resting' | 'blocked'; reason: string; hint?: string; until: number }

/** One turn of a worker. */
export type WorkerTurnLine = {
  /** `lost`: another worker handles the messages now. `unreachable`: the daemon that ran the turn is gone. */
  outcome: 'ended' | 'failed' | 'timed-out' | 'stopped' | 'lost' | 'unreachable'
  /** The ids of the messages that the turn handled. */
  messages: readonly string[]
  /** The time in milliseconds that the turn's first message has waited. */
  waitedMs: number
  ms: number
  session?: string
  /** Whether the turn ran in a new session. */
  fresh: boolean
  /** The provider and model of the turn, such as `codex/gpt`. */
  model?: string
  usage?: TurnUsage
  /** The turn's error on one line. */
  error?: string
}
