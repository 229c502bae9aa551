import type { SessionEvent } from '@subagent-mcp/contract'
import { expect } from 'vitest'
import type { DrivenSession } from './drive-session.js'

/** Resets a driver's session and waits for the report. Returns the session id that was reported last before it. */
export async function resetSession({ session, record }: DrivenSession): Promise<string> {
  session.send({ type: 'reset' })
  const done = await record.next('conversation-reset')
  return reportedSessionIds(record.events.slice(0, record.events.indexOf(done))).at(-1) ?? 'none'
}

/** Closes a driver's session and checks its events: each reset is reported once and has one new session id. */
export async function closeAfterResets({ record, close }: DrivenSession, resets: number): Promise<void> {
  await close()
  expect(record.events.filter(({ type }) => type === 'conversation-reset')).toHaveLength(resets)
  const ids = reportedSessionIds(record.events)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeLessThanOrEqual(resets + 1)
}

/** Returns the reported session ids, in order. */
export function reportedSessionIds(events: readonly SessionEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'session-identified' ? [event.sessionId] : []))
}
