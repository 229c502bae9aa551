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

/** A time in which a worker takes no messages. Times are Unix milliseconds. */
export type Rest =
  /** A budget is spent, or the account's limit. */
  | { type: 'resting'; reason: string; until: number }
  /** Every turn would fail until a person has mended something; at `until` the worker tries again. */
  | { type: 'blocked'; reason: string; hint?: string; until: number }

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
  usage?: Usage
  /** One line. */
  error?: string
}
