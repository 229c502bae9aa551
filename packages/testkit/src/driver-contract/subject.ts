import type { Driver, FailureReason, SessionSpec } from '@subagent-mcp/contract'
import type { TestOptions } from 'vitest'
import { driveSession, type DrivenSession } from './drive-session.js'

/** A driver under test, and the prompts for its CLI. */
export type DriverSubject = {
  /** Called in each test. Returns a new driver, and the spec of a session. */
  start(): { driver: Driver; spec: SessionSpec }
  prompts: DriverPrompts
  /** Options for tests of details, such as `thorough` when a fake CLI tests the same driver in full. */
  details?: TestOptions
}

/** Prompts, named after the answer that they cause. */
export type DriverPrompts = {
  plain: { text: string; answer: string }
  /** A prompt whose turn uses a tool that needs approval, then answers. */
  asking: { text: string; answer: string }
  /** A prompt whose turn writes some text, and then does not end. */
  hanging: { text: string }
  failing: { text: string; reason: FailureReason }
  /** A steering message, and the answer of the turn after it; missing for a driver that cannot steer. */
  steering?: { text: string; answer: string }
}

/** Opens a session of the subject, with a driver of its own. */
export function openSubject({ start }: DriverSubject): Promise<DrivenSession> {
  const { driver, spec } = start()
  return driveSession(driver, spec)
}
