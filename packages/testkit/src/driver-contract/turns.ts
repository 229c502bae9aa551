import type { SessionEvent } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { openSubject, type DriverSubject } from './subject.js'

/** Tests that a driver answers each prompt with a text, a usage report and one end of the turn, all in one session. */
export function describeTurns(subject: DriverSubject): void {
  const { plain, failing } = subject.prompts

  test('answers each prompt, says who it is once, ends a failed turn with the reason, and closes without a failure', async () => {
    const { session, prompt, record, close } = await openSubject(subject)
    const used: number[] = []
    for (const turn of [1, 2, 3]) {
      const outcome = await prompt(plain.text).end
      expect(outcome, `turn ${turn}`).toEqual({ type: 'completed', answer: plain.answer })
      expect(typesOf(record.events).slice(-2)).toEqual(['usage-reported', 'turn-ended'])
      used.push((await record.next('usage-reported')).usage.outputTokens ?? 0)
    }
    expect(record.events).toContainEqual({ type: 'message-ended', text: plain.answer })
    expect(typesOf(record.events).filter((type) => type === 'session-identified')).toHaveLength(1)
    const [first = 0] = used
    expect(first).toBeGreaterThan(0)
    expect(used).toEqual([first, first, first])

    const failed = await prompt(failing.text).end
    expect(failed).toMatchObject({ type: 'failed', failure: { reason: failing.reason } })
    session.send({ type: 'configure', effort: 'low' })
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    await close()
    expect(record.events.at(-1)).toEqual({ type: 'session-closed' })
  })
}

function typesOf(events: readonly SessionEvent[]): string[] {
  return events.map((event) => event.type)
}
