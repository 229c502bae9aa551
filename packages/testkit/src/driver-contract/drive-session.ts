import type {
  Driver,
  Failure,
  SessionOpenOutcome,
  DriverSession,
  SessionEvent,
  SessionSpec,
} from '@subagent-mcp/contract'
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { contractViolations, recordSession, type SessionRecord } from './record-session.js'

type Opened = Extract<SessionOpenOutcome, { type: 'opened' }>
type TurnEnd = Extract<SessionEvent, { type: 'turn-ended' }>

/** A driver's session under test, with the events that it reported. */
export type DrivenSession = {
  session: DriverSession
  /** The outcome of opening the session. */
  opened: Pick<Opened, 'pid' | 'resumable' | 'notes'>
  record: SessionRecord
  /** Sends a prompt to the session; `end` resolves when its turn has ended. */
  prompt(text: string): { turnId: string; end: Promise<TurnEnd['outcome']> }
  /** Closes the session, and checks all its events against the contract. */
  close(mode?: 'graceful' | 'kill'): Promise<void>
}

/** Opens a driver's session for a test; throws when it does not open. */
export async function driveSession(driver: Driver, spec: SessionSpec): Promise<DrivenSession> {
  const record = recordSession()
  const outcome = await driver.open(spec, record.sink, new AbortController().signal)
  if (outcome.type === 'failed') throw new Error(`it did not open: ${JSON.stringify(outcome.failure)}`)
  const { session, ...opened } = outcome
  const turnIds: string[] = []
  return {
    session,
    opened,
    record,
    prompt: (text) => {
      const turnId = randomUUID()
      turnIds.push(turnId)
      session.send({ type: 'prompt', turnId, text })
      return { turnId, end: endOf(record, turnId) }
    },
    close: async (mode = 'graceful') => {
      await session.close(mode)
      expect(contractViolations(record.events, turnIds)).toEqual([])
    },
  }
}

async function endOf(record: SessionRecord, turnId: string): Promise<TurnEnd['outcome']> {
  for (;;) {
    const ended = await record.next('turn-ended')
    if (ended.turnId === turnId) return ended.outcome
  }
}

/** Opens a driver's session that must not open, and returns the failure. */
export async function failToOpen(driver: Driver, spec: SessionSpec, signal?: AbortSignal): Promise<Failure> {
  const record = recordSession()
  const outcome = await driver.open(spec, record.sink, signal ?? new AbortController().signal)
  if (outcome.type === 'opened') {
    await outcome.session.close('kill')
    throw new Error('it opened')
  }
  expect(record.events, 'a session that did not open says nothing').toEqual([])
  return outcome.failure
}
