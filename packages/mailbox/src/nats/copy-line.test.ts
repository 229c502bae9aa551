import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { useMailStates } from '../mail-states.test.support.js'
import { openCopyLine } from './copy-line.js'

const { make, close } = useMailStates()

const log = { stream: 's', created: 'then' }
const minute = 60_000
const now = 1_000_000 * minute
const year = 365 * 24 * 60 * minute

test('ids are forgotten in time, also those of a clock that was far ahead until it was set right', () => {
  const { store } = make()
  const opened = [openCopyLine(store, log)]
  const kept = (): unknown => store.rows(z.unknown(), 'SELECT id, at FROM mailCopyIds ORDER BY at, id')
  const take = (id: string, at: number): boolean => {
    const [line] = opened
    line?.pass({ sequence: line.sequence() + 1, stamp: `${at}000000` })
    const isRepeat = line?.isRepeat(id)
    line?.write()
    return isRepeat ?? false
  }
  take('first', now)
  take('ahead', now + year)
  expect(kept()).toEqual([{ id: 'ahead', at: now + year }])
  expect(take('ahead', now + minute)).toBe(true)
  take('right', now + minute)
  const right = ['ahead', 'right'].map((id) => ({ id, at: now + minute }))
  expect(kept()).toEqual(right)
  opened[0] = openCopyLine(store, log)
  take('late', now + 5 * minute)
  take('a little back', now + 4.5 * minute)
  const late = ['a little back', 'late'].map((id) => ({ id, at: now + 5 * minute }))
  expect(kept()).toEqual([...right, ...late])
  take('last', now + 12 * minute)
  expect(kept()).toEqual([...late, { id: 'last', at: now + 12 * minute }])
})

test('what is known does not depend on where transactions ended, or a process', () => {
  const lines = fc.array(fc.tuple(fc.nat(15), fc.nat(30), fc.constantFrom('on', 'write', 'reopen')), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(lines, (story) => {
      const [one, other] = [make().store, make().store]
      const whole = openCopyLine(one, log)
      let cut = openCopyLine(other, log)
      for (const [index, [id, minutes, then]] of story.entries()) {
        const entry = { sequence: index + 1, stamp: `${now + minutes * minute}000000` }
        const seen = [whole, cut].map((line) => [line.pass(entry), line.isRepeat(`${id}`)])
        expect(seen[1]).toEqual(seen[0])
        if (then !== 'on') cut.write()
        if (then === 'reopen') cut = openCopyLine(other, log)
      }
      for (const line of [whole, cut]) line.write()
      const known = 'SELECT id, at FROM mailCopyIds ORDER BY at, id'
      expect(other.rows(z.unknown(), known)).toEqual(one.rows(z.unknown(), known))
      close()
    }),
    { numRuns: 200 },
  )
})
