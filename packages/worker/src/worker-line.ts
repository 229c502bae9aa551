import type { Usage } from '@subagent-mcp/contract'

/** A line of a worker's log. Times are Unix milliseconds. */
export type WorkerLine = { at: number } & (
  | { type: 'started'; session?: string }
  | ({ type: 'turn' } & TurnLine)
  /** Logged once, until `recovered`. */
  | { type: 'unreachable'; problem: string }
  | { type: 'recovered' }
  /** An unexpected problem; the worker continues. */
  | { type: 'trouble'; problem: string }
  /** The worker takes no messages before `until`. */
  | RestPeriod
  | { type: 'stopped' }
)

/**
 * A time in which a worker takes no messages. `resting`: a budget is spent or a rate limit reached. `blocked`: every
 * turn fails until a person repairs something; at `until` the worker tries again. Times are Unix milliseconds.
 */
export type RestPeriod = { type: 'resting' | 'blocked'; reason: string; hint?: string; until: number }

/** One turn of a worker. */
export type TurnLine = {
  /** `lost`: another handler has the messages now. `unreachable`: the runner of turns went away. */
  outcome: 'ended' | 'failed' | 'timed-out' | 'stopped' | 'lost' | 'unreachable'
  /** The ids of its messages. */
  messages: readonly string[]
  /** The waiting time of the first message, in milliseconds. */
  waitedMs: number
  ms: number
  session?: string
  /** Whether it started in a new session. */
  fresh: boolean
  /** Provider and model, such as `codex/gpt`. */
  model?: string
  usage?: Usage
  /** One line. */
  error?: string
}
