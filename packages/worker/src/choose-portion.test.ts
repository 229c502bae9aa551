import { expect, test } from 'vitest'
import { chooseBatchPortion } from './handle-mail-batch.js'
import { messageOf } from './message.test.support.js'

const bob = { name: 'bob', host: 'box', through: 'agent' } as const
const large = 'x'.repeat(100_000)

test.each([
  ['all that is new', [{}, {}, {}], 3],
  ['nothing of nothing', [], 0],
  ['a message that failed alone', [{ tries: 1 }, {}], 1],
  ['what is before a message that failed', [{}, {}, { tries: 2 }, {}], 2],
  ['what a prompt should hold', [{ body: large }, {}, { body: large }, {}], 2],
  ['what one sender wrote in a row', [{}, {}, { from: bob }, {}], 2],
  ['one message, however large', [{ body: large + large }, {}], 1],
])('a turn gets %s', (_title, messages, length) => {
  const taken = messages.map((fields, index) => messageOf({ seq: index + 1, ...fields }))
  expect(chooseBatchPortion(taken)).toEqual(taken.slice(0, length))
})

test('a turn gets one thread, whatever comes between its messages', () => {
  const taken = ['t1', 't2', 't1', 't3'].map((thread, index) => messageOf({ seq: index + 1, thread }))
  expect(chooseBatchPortion(taken)).toEqual([taken[0], taken[2]])
})
