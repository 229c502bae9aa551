import type { Clock, Failure, Usage } from '@subagent-mcp/contract'
import type { Mailbox } from '@subagent-mcp/mailbox'
import type { Budget, Calendar } from './budget.js'
import type { Rest, WorkerLine } from './worker-line.js'
import type { WorkerMemory } from './worker-memory.js'

/** What a worker needs of the world. */
export type WorkerPorts = {
  mail: WorkerMail
  turns: Turns
  memory: MemoryPort
  /** Never throws. */
  log(line: WorkerLine): void
  clock: Clock
  calendar: Calendar
}

/**
 * The part of a mailbox that a worker uses. Who fills it registers the handler, also anew where it was forgotten. Each
 * call settles in bounded time, and rejects with `daemon-unreachable` or `mailbox-unreachable` where trying again later
 * is all that is to be done.
 */
export type WorkerMail = Pick<
  Mailbox,
  'next' | 'renew' | 'acknowledge' | 'release' | 'reply' | 'send' | 'thread' | 'inbox'
>

/** Survives restarts. */
export type MemoryPort = {
  /** `undefined` for a worker that never ran. @throws SubagentError when it cannot be read */
  load(): WorkerMemory | undefined
  save(memory: WorkerMemory): void
}

/** Runs turns, one at a time. */
export type Turns = {
  /**
   * Never rejects for what a CLI does: that is an outcome. A rejection with `daemon-unreachable` is a turn that is tried
   * again, without counting, when the daemon is back. When the signal aborts, it ends within seconds as `stopped`.
   */
  run(order: TurnOptions, signal: AbortSignal): Promise<WorkerTurnOutcome>
}

export type TurnOptions = { prompt: string; session: SessionChoice; deadlineMs: number }

/**
 * `new`: what lives of an earlier session is of no use any more, and is ended. `known`: go on with the session that an
 * earlier outcome named, by its living process or by resuming it.
 */
export type SessionChoice = { type: 'new' } | { type: 'known'; id: string }

/**
 * How a turn ended. `session` names the one it ran in, for the next turn; `model` who answered, as `codex/gpt`. What is
 * unknown is left out.
 */
export type WorkerTurnOutcome = { session?: string; model?: string; usage?: Usage } & (
  | { type: 'ended'; text: string }
  /** `sessionLost`: the known session is gone, and nothing was run. */
  | { type: 'failed'; failure: Failure; sessionLost?: boolean }
  /** Not over at its deadline, and interrupted. */
  | { type: 'timed-out' }
  /** By the signal, or by somebody who ended the agent. */
  | { type: 'stopped' }
)

export type WorkerOptions = {
  /** The agent's. */
  name: string
  host: string
  /** The handler's, as it is registered. */
  instance: string
  /** The tools that its sessions may use, for the prompt alone: who enforces them is who runs turns. */
  tools: readonly string[]
  /** `warm` and `resume` carry the session over, and differ in what `Turns` does with the process in between. */
  session: 'warm' | 'resume' | 'fresh'
  /** Ends after one take: what is there now, or comes within `pollMs`. */
  once: boolean
  budget: Budget
  /** How long one call waits for work. */
  pollMs: number
  /** Of what was taken; renewed three times in it while the turn runs. */
  leaseMs: number
  turnDeadlineMs: number
  /** How long a running turn may go on after the worker was told to stop. */
  stopGraceMs: number
  /** At most so many messages in a turn. */
  maxBatch: number
  /** Of a message, in bytes: as the mailbox takes them. Longer final words are cut. */
  maxBytes: number
}

/** Where nobody says other. */
export const defaultWorkerOptions = {
  session: 'warm',
  once: false,
  pollMs: 45_000,
  leaseMs: 60_000,
  turnDeadlineMs: 600_000,
  stopGraceMs: 5_000,
  maxBatch: 16,
} as const

/** Why a worker ended. */
export type WorkerEnd =
  /** It was told to. */
  | { type: 'stopped' }
  /** With `once`. */
  | { type: 'once'; result: 'nothing' | 'handled' | 'failed' | 'lost' }
  /** With `once`. */
  | Rest
