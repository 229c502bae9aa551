import type { Driver, FailureReason, SessionSpec } from '@subagent-mcp/contract'
import type { TestOptions } from 'vitest'
import { driveSession, type DrivenSession } from './drive-session.js'

/** A driver under test, and what to say to what it drives. */
export type DriverSubject = {
  /** Called in each test: a driver of its own, and the session to open with it. */
  start(): { driver: Driver; spec: SessionSpec }
  prompts: DriverPrompts
  /** Of the tests that go into a promise which another shows already: `thorough` where the same driver keeps all of it with a fake CLI. */
  details?: TestOptions
}

/** Texts that a CLI, or the model behind it, answers as their names say. */
export type DriverPrompts = {
  plain: { text: string; answer: string }
  /** Uses a tool that must be allowed, then answers. */
  asking: { text: string; answer: string }
  /** Writes something, and then nothing more. */
  hanging: { text: string }
  failing: { text: string; reason: FailureReason }
  /** A message into a running turn, and the answer of that turn then; left out for a driver that cannot steer. */
  steering?: { text: string; answer: string }
}

/** Opens a session of the subject, with a driver of its own. */
export function openSubject({ start }: DriverSubject): Promise<DrivenSession> {
  const { driver, spec } = start()
  return driveSession(driver, spec)
}
