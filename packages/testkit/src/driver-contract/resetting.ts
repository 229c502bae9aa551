import type { SessionEvent } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import type { DrivenSession } from './drive-session.js'
import { recallPrompt, promptWithSecret } from './recalling.js'
import { closeAfterResets, reportedSessionIds, resetSession } from './reset-session.js'
import { openSubject, type DriverSubject } from './subject.js'

/** Tests that a driver's reset forgets the conversation, is reported once, and that no earlier events come after it. */
export function describeResetting(subject: DriverSubject): void {
  const { details = {} } = subject
  const { plain, hanging } = subject.prompts

  test('forgets the conversation, and says its new id before it says that it has', async () => {
    const driven = await openSubject(subject)
    await driven.prompt(promptWithSecret('heliotrope')).end
    const before = reportedSessionIds(driven.record.events)
    const after = await resetSession(driven)
    expect(before).not.toContain(after)
    const answer = await driven.prompt(recallPrompt).end
    expect(answer).toMatchObject({ type: 'completed' })
    expect(JSON.stringify(answer)).not.toContain('heliotrope')
    await closeAfterResets(driven, 1)
  })

  test(
    'is reset before its first turn, twice in a row, after each task and after an interrupted turn',
    details,
    async () => {
      const driven = await openSubject(subject)
      const { session, prompt, record } = driven
      const ids = [await resetSession(driven), await resetSession(driven)]
      expect(new Set(ids).size).toBe(2)
      for (const task of ['one', 'two']) {
        expect(await counted(driven, task)).toEqual([{ type: 'completed', answer: task }, 5])
        await resetSession(driven)
      }
      const before = record.events.length
      const { end } = prompt(hanging.text)
      await expect.poll(() => record.events.slice(before).map(({ type }) => type)).toContain('text-delta')
      session.send({ type: 'interrupt' })
      expect(await end).toEqual({ type: 'interrupted' })
      await resetSession(driven)
      // The session says nothing of an interrupted turn after the reset.
      const told = record.events.length
      const { turnId, end: next } = prompt(plain.text)
      expect(await next).toEqual({ type: 'completed', answer: plain.answer })
      const after = record.events.slice(told)
      expect(textsOf(after)).toEqual([plain.answer])
      expect(after.filter((event) => 'turnId' in event && event.turnId !== turnId)).toEqual([])
      await closeAfterResets(driven, 5)
    },
  )
}

/** Runs a turn of five tokens; returns its outcome, and the tokens that the session reported. */
async function counted({ prompt, record }: DrivenSession, answer: string) {
  const outcome = await prompt(`[[usage: output=5]] [[say: ${answer}]]`).end
  return [outcome, (await record.next('usage-reported')).usage.outputTokens]
}

function textsOf(events: readonly SessionEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'message-ended' ? [event.text] : []))
}
