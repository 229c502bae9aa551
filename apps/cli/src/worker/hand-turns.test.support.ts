import type { TurnOutcome as SessionTurnOutcome } from '@subagent-mcp/contract'
import type { ManualSession } from '@subagent-mcp/testkit'
import type { SessionChoice, TurnEnd, TurnRunner, WorkerOptions } from '@subagent-mcp/worker'
import { vi } from 'vitest'
import { startTestContext, type TestContext } from '../terminal/context.test.support.js'
import { daemonTurns } from './daemon-turns.js'
import { keepAttendance, type KeptAttendance } from './keep-attendance.js'

/** Turns over a daemon's server whose driver the test moves. */
export type HandTurns = {
  desk: TestContext
  turns: TurnRunner
  attendance: KeptAttendance
  /** Begins a turn. */
  run(session?: SessionChoice, order?: { deadlineMs?: number; signal?: AbortSignal }): Promise<TurnEnd>
  /** The session that was opened last, once it has been asked for the nth time. */
  session(nth?: number): Promise<ManualSession>
}

/** Ends the running turn of a session otherwise than well. */
export function endTurn({ sent, sink }: ManualSession, outcome: SessionTurnOutcome): void {
  sink({ type: 'turn-ended', turnId: turnIdOf(sent), outcome })
}

/** That of the newest prompt. */
export function turnIdOf(sent: ManualSession['sent']): string {
  const prompts = sent.flatMap((command) => (command.type === 'prompt' ? [command.turnId] : []))
  return prompts.at(-1) ?? ''
}

/** A desk, a worker that attends at it, and its turns. */
export async function startHandTurns(keep: WorkerOptions['session'] = 'warm'): Promise<HandTurns> {
  const desk = await startTestContext()
  const { cwd } = desk.terminal
  const attendance = keepAttendance({
    reach: () => Promise.resolve(desk.client),
    body: {
      ...{ name: 'api', capabilities: [], topics: ['>'], wakes: 'high' },
      ...{ cwd, environment: {}, pid: process.pid, startTime: '-' },
    },
    onRefused: () => undefined,
  })
  const launch = { category: 'coding', provider: 'claude', model: 'opus', cwd, environment: {} }
  const turns = daemonTurns({ attendance, launch, keep, clock: desk.clock })
  return {
    desk,
    turns,
    attendance,
    run: (session = { type: 'new' }, { deadlineMs = 60_000, signal } = {}) =>
      turns.run({ prompt: 'go on', session, deadlineMs }, signal ?? new AbortController().signal),
    session: (nth = 1) => vi.waitUntil(() => desk.driver.sessions[nth - 1], { timeout: 15_000, interval: 5 }),
  }
}
