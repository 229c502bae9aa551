import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Command } from '../command.js'
import { from, registering, sending, taking, tries, useMailStates } from '../mail-states.test.support.js'
import { copyFormat } from './copy-line.js'

const { make } = useMailStates()

const tables = ['mailAgents', 'mailHandlers', 'mailMessages', 'mailQueues', 'mailKeys']

test('the same commands lead to the same rows as in the versions whose copies are gone on with', () => {
  const { store, state } = make()
  story().forEach((command, index) => state.apply(command, 1_000 + 97 * index))
  const rows = tables.map((table) => store.rows(z.unknown(), `SELECT * FROM ${table} ORDER BY 1, 2`))
  const hash = createHash('sha256').update(JSON.stringify(rows)).digest('hex')
  // With other rows raise `copyFormat` as well, once for each release: else a machine that was updated differs from a new one.
  expect({ copyFormat, hash: hash.slice(0, 16) }).toEqual({ copyFormat: 2, hash: '2a3742b0d479c11d' })
})

test('commands of one transaction lead to the same rows as the same commands one after another', () => {
  const [one, other] = [make(), make()]
  const commands = story()
  for (let first = 0; first < commands.length; first += 10) {
    const [group, at] = [commands.slice(first, first + 10), 1_000 + 970 * first]
    for (const command of group) one.state.apply(command, at)
    other.state.applyAll(group, at)
  }
  for (const table of tables) {
    const all = `SELECT * FROM ${table} ORDER BY 1, 2`
    expect(other.store.rows(z.unknown(), all)).toEqual(one.store.rows(z.unknown(), all))
  }
})

/** Of all kinds, with few names and ids, so that they meet each other; the same each time. */
function story(): Command[] {
  let seed = 1
  let ids = 0
  const pick = (count: number): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % count
  }
  const name = (): string => `agent${pick(3)}`
  const instance = (): string => `i${pick(4)}`
  const message = (): string => `m${pick(60)}`
  const take = (): string => `t${pick(40)}`
  const makers: (() => Command)[] = [
    () => registering(name(), instance(), ['ci.>']),
    () => ({ type: 'leave', instances: [instance()], maxTries: 3 }),
    () => sending(message(), { to: name(), by: name(), thread: `th${pick(5)}` }),
    () => sending(message(), { to: name(), by: name(), thread: `th${pick(5)}`, key: `k${pick(9)}` }),
    () => ({ type: 'reply', id: `r${ids++}`, from: from(name()), message: message(), body: 'r' }),
    () => publishing({ id: `e${ids++}`, by: name(), isHigh: pick(2) === 1 }),
    () => registering(name(), instance(), ['project:ci.>']),
    () => ({
      ...publishing({ id: `e${ids++}`, by: name(), isHigh: true }),
      project: pick(2) === 1 ? 'p' : 'q',
    }),
    () => taking(take(), { agent: name(), instance: instance(), leaseMs: 2_000, limit: 3 }),
    () => taking(take(), { agent: name(), instance: instance(), leaseMs: 900 }),
    () => ({ type: 'renew', take: take(), leaseMs: 3_000 }),
    () => ({ type: 'acknowledge', take: take(), ids: null }),
    () => ({ type: 'release', take: take(), ids: null, failure: 'bad', tries }),
    () => ({ type: 'read', agent: name(), ids: null, limit: 2 }),
    () => ({ type: 'revive', id: message() }),
    () => ({ type: 'tidy', keepMs: 40_000 }),
  ]
  return Array.from({ length: 1_500 }, () => makers[pick(makers.length)]?.()).filter(
    (each) => each !== undefined,
  )
}

function publishing({
  id,
  by,
  isHigh,
}: {
  id: string
  by: string
  isHigh: boolean
}): Command & { type: 'publish' } {
  return {
    type: 'publish',
    id,
    from: from(by),
    topic: 'ci.main',
    severity: isHigh ? 'high' : 'info',
    body: id,
  }
}
