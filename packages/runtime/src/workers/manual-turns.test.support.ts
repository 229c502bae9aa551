import type { TurnOutcome as SessionTurnOutcome } from '@subagent-mcp/contract'
import {
  createManualClock,
  createManualDriver,
  type ManualClock,
  type ManualDriver,
  type ManualSession,
} from '@subagent-mcp/testkit'
import type { WorkerSessionChoice, WorkerTurnEnd, WorkerOptions } from '@subagent-mcp/worker'
import { onTestFinished, vi } from 'vitest'
import type { Connection } from '../callers/connection.js'
import { createRuntime, type Runtime } from '../create-runtime.js'
import { createWorkerTurnRunner } from './worker-turn-runner.js'

/** The turns of a worker in a runtime whose driver and clock the test controls. */
export type ManualTurns = {
  runtime: Runtime
  driver: ManualDriver
  clock: ManualClock
  connection: Connection
  hurry: AbortController
  /** Begins a turn. */
  run(
    session?: WorkerSessionChoice,
    options?: { deadlineMs?: number; signal?: AbortSignal },
  ): Promise<WorkerTurnEnd>
  /** The nth session, once it was asked for. */
  session(nth?: number): Promise<ManualSession>
}

/** Ends the running turn of a session otherwise than well. */
export function endTurn({ sent, sink }: ManualSession, outcome: SessionTurnOutcome): void {
  sink({ type: 'turn-ended', turnId: turnIdOf(sent), outcome })
}

/** The id of the turn of the newest prompt. */
export function turnIdOf(sent: ManualSession['sent']): string {
  const prompts = sent.flatMap((command) => (command.type === 'prompt' ? [command.turnId] : []))
  return prompts.at(-1) ?? ''
}

/** Creates the turns of a worker. The runtime ends with the test. */
export function startManualTurns(keep: WorkerOptions['session'] = 'warm'): ManualTurns {
  const [driver, clock, hurry] = [createManualDriver(), createManualClock(), new AbortController()]
  const runtime = createRuntime({ drivers: [driver], clock })
  onTestFinished(() => runtime.close())
  const { supervisor, stalledAfter } = runtime
  const cwd = process.cwd()
  const connection = runtime.connect({ cwd, environment: {}, terminal: true, mailbox: 'api' })
  const launch = { category: 'coding', provider: 'claude', model: 'opus', cwd } as const
  const turns = createWorkerTurnRunner({
    supervisor,
    stalledAfter,
    connection,
    launch,
    keep,
    hurry: hurry.signal,
  })
  return {
    ...{ runtime, driver, clock, connection, hurry },
    run: (session = { type: 'new' }, { deadlineMs = 60_000, signal } = {}) =>
      turns.run({ prompt: 'go on', session, deadlineMs }, signal ?? new AbortController().signal),
    session: (nth = 1) => vi.waitUntil(() => driver.sessions[nth - 1], { timeout: 15_000, interval: 5 }),
  }
}
