import { expect, test } from 'vitest'
import { recallPrompt, promptWithSecret } from './recalling.js'
import { openSubject, type DriverSubject } from './subject.js'

/** Tests that a rewind forgets only the newest turn, for drivers with this ability. */
export function describeRewinding(subject: DriverSubject): void {
  const { details = {} } = subject
  test(
    'forgets the newest turn and keeps what came before, time after time, if it says that it can',
    details,
    async (context) => {
      const { abilities } = subject.start().driver
      if (!abilities.rewind) context.skip()
      const { session, prompt, record, close } = await openSubject(subject)
      const tell = (secret: string) => prompt(`[[usage: output=5]] ${promptWithSecret(secret)}`)
      await tell('heliotrope').end
      for (const secret of ['celadon', 'vermilion']) {
        const { turnId, end } = tell(secret)
        await end
        session.send({ type: 'rewind', turnId })
        await record.next('conversation-reset')
        const recalled = prompt(`[[usage: output=5]] ${recallPrompt}`)
        const answer = JSON.stringify(await recalled.end)
        expect(answer).toContain('heliotrope')
        expect(answer).not.toContain(secret)
        session.send({ type: 'rewind', turnId: recalled.turnId })
        await record.next('conversation-reset')
      }
      await close()
      expect(record.events.filter(({ type }) => type === 'conversation-reset')).toHaveLength(4)
      const used = record.events.flatMap((event) => (event.type === 'usage-reported' ? [event.usage] : []))
      expect(used.map(({ outputTokens }) => outputTokens)).toEqual([5, 5, 5, 5, 5])
    },
  )
}
