import type { Clock, Failure, TurnUsage } from '@subagent-mcp/contract'
import type { Mailbox } from '@subagent-mcp/mailbox'
import type { DailyBudget, DayCalendar } from './daily-budget.js'
import type { WorkerPause, WorkerLine } from './worker-line.js'
import type { WorkerMemory, WorkerStatus } from './worker-memory.js'

/** The mailbox, the runner of turns, the storage and the log of a worker. */
export type WorkerPorts = {
  mail: WorkerMail
  turns: WorkerTurnRunner
  memory: WorkerMemoryPort
  /** Called with each new status, before it is saved. Must not throw. */
  onStatus?(status: WorkerStatus): void
  /** Writes a line to the worker's log. Must not throw. */
  log(line: WorkerLine): void
  clock: Clock
  calendar: DayCalendar
}

/**
 * The mailbox as a worker uses it. The implementation registers the handler, again if needed. Each call settles in
 * limited time, and rejects with `daemon-unreachable` or `mailbox-unreachable` where a later attempt is enough.
 */
export type WorkerMail = Pick<
  Mailbox,
  'next' | 'renew' | 'acknowledge' | 'release' | 'reply' | 'send' | 'thread' | 'inbox'
>

/** The storage of a worker's memory, which survives restarts. */
export type WorkerMemoryPort = {
  /** Reads the worker's memory; `undefined` for a new worker. @throws SubagentError if it cannot be read */
  load(): WorkerMemory | undefined
  /** Resolves when the memory is stored. Of calls that wait for an earlier one, only the last may be stored. */
  save(memory: WorkerMemory): Promise<void>
}

export type WorkerTurnRunner = {
  /**
   * Runs one turn at a time. Failures of a CLI are outcomes. A rejection with `daemon-unreachable` repeats the turn,
   * uncounted, when the daemon is back. After the signal aborts, the turn ends within seconds as `stopped`.
   */
  run(order: WorkerTurnRequest, signal: AbortSignal): Promise<WorkerTurnEnd>
  /** Whether the machine visibly lacks what a turn needs, such as the CLI or its sign-in. Costs little, and may miss a lack. */
  isRefused?(): boolean
}

export type WorkerTurnRequest = { prompt: string; session: WorkerSessionChoice; deadlineMs: number }

/** The session of a worker's turn: `new` ends an earlier one; `known` continues it, in its process or resumed. */
export type WorkerSessionChoice = { type: 'new' } | { type: 'known'; id: string }

/** The end of a worker's turn. `session` is for the next turn. `model` is such as `codex/gpt`. */
export type WorkerTurnEnd = { session?: string; model?: string; usage?: TurnUsage } & (
  | { type: 'ended'; text: string }
  /** `sessionLost`: the known session is gone, and nothing was run. */
  | { type: 'failed'; failure: Failure; sessionLost?: boolean }
  /** Interrupted at its deadline. */
  | { type: 'timed-out' }
  /** Stopped by the signal, or by somebody who ended the agent. */
  | { type: 'stopped' }
)

export type WorkerOptions = {
  /** The mailbox name of the worker's agent. */
  name: string
  host: string
  /** The id under which this worker is registered as a handler of its agent's messages. */
  instance: string
  /** The tools that the prompt names. The runner of turns must enforce them. */
  tools: readonly string[]
  /** `warm` and `resume` continue the session of the last turn; `fresh` starts a new one for each turn. */
  session: 'warm' | 'resume' | 'fresh'
  /** The worker ends after one batch of messages, which may arrive within `pollMs`. */
  once: boolean
  budget: DailyBudget
  /** The milliseconds that one call waits for messages. */
  pollMs: number
  /** The lease of a batch of messages in milliseconds. It is renewed three times in this time. */
  leaseMs: number
  turnDeadlineMs: number
  /** The milliseconds that a running turn gets to end after the worker was stopped. */
  stopGraceMs: number
  /** The most messages that a worker takes from the mailbox at a time. */
  maxBatch: number
  /** The most bytes of a message in the mailbox. Longer answers are cut. */
  maxBytes: number
}

export const defaultWorkerOptions = {
  session: 'warm',
  once: false,
  pollMs: 300_000,
  leaseMs: 60_000,
  turnDeadlineMs: 600_000,
  stopGraceMs: 5_000,
  maxBatch: 16,
} as const

/** The default of `pollMs` for a worker that ends after one batch of messages. */
export const defaultPollMsOnce = 45_000

/** Why a worker ended: stopped, its one batch is done, or it must rest. The last two only with `once`. */
export type WorkerEnd =
  /** The worker's signal has aborted. */
  { type: 'stopped' } | { type: 'once'; result: 'nothing' | 'handled' | 'failed' | 'lost' } | WorkerPause
