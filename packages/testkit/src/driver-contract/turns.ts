import type { SessionEvent } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { openSubject, type DriverSubject } from './subject.js'

/** Tests that a driver answers a prompt with a text, a usage report and one end of the turn. */
export function describeTurns(subject: DriverSubject): void {
  const { details = {} } = subject
  const { plain, failing } = subject.prompts

  test('answers a prompt, says who it is, and closes without a failure', async () => {
    const { prompt, record, close } = await openSubject(subject)
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    expect(typesOf(record.events)).toContain('session-identified')
    expect(record.events).toContainEqual({ type: 'message-ended', text: plain.answer })
    await close()
    expect(record.events.at(-1)).toEqual({ type: 'session-closed' })
  })

  test('gives each prompt its own end, in one session', details, async () => {
    const { prompt, record, close } = await openSubject(subject)
    for (const turn of [1, 2, 3]) {
      expect(await prompt(plain.text).end, `turn ${turn}`).toMatchObject({ type: 'completed' })
    }
    await close()
    expect(typesOf(record.events).filter((type) => type === 'session-identified')).toHaveLength(1)
  })

  test('reports what each turn alone used, before its end', async () => {
    const { prompt, record, close } = await openSubject(subject)
    await prompt(plain.text).end
    await prompt(plain.text).end
    const reports = [await record.next('usage-reported'), await record.next('usage-reported')]
    const [first, second] = reports.map(({ usage }) => usage.outputTokens ?? 0)
    expect(first).toBeGreaterThan(0)
    expect(second).toBe(first)
    const last = typesOf(record.events).slice(-2)
    expect(last).toEqual(['usage-reported', 'turn-ended'])
    await close()
  })

  test('ends a turn that failed with the reason, and takes the next prompt', async () => {
    const { prompt, close } = await openSubject(subject)
    expect(await prompt(failing.text).end).toMatchObject({
      type: 'failed',
      failure: { reason: failing.reason },
    })
    expect(await prompt(plain.text).end).toMatchObject({ type: 'completed' })
    await close()
  })
}

function typesOf(events: readonly SessionEvent[]): string[] {
  return events.map((event) => event.type)
}
