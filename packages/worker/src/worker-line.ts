import type { Usage } from '@subagent-mcp/contract'

/** A line of a worker's log. Times are Unix milliseconds. */
export type WorkerLine = { at: number } & (
  | { type: 'started'; session?: string }
  | ({ type: 'turn' } & TurnLine)
  /** Once, however long it lasts; then `recovered`. */
  | { type: 'unreachable'; problem: string }
  | { type: 'recovered' }
  /** Something that should not be; the worker goes on. */
  | { type: 'trouble'; problem: string }
  /** Nothing is taken before `until`. */
  | Rest
  | { type: 'stopped' }
)

/**
 * A time in which a worker takes no messages, with the reason and what can be done. `resting`: a budget is spent, or the
 * account's limit. `blocked`: every turn would fail until somebody has mended something, and at `until` the worker tries
 * again. Times are Unix milliseconds.
 */
export type Rest = { type: 'resting' | 'blocked'; reason: string; hint?: string; until: number }

/** One turn: what it was for, how long it took, what it cost, how it ended. */
export type TurnLine = {
  /** `lost`: another handles its messages now. `unreachable`: whoever runs turns went away. */
  outcome: 'ended' | 'failed' | 'timed-out' | 'stopped' | 'lost' | 'unreachable'
  /** The ids. */
  messages: readonly string[]
  /** Of the first message, before the turn began. */
  waitedMs: number
  ms: number
  session?: string
  /** Whether it began without an earlier session. */
  fresh: boolean
  /** Who answered: provider and model, as `codex/gpt`. */
  model?: string
  usage?: Usage
  /** One line. */
  error?: string
}
