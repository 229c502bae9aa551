import { expect, test } from 'vitest'
import { parseServerSentEvents } from './server-sent-events.js'

async function* pieces(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) yield await Promise.resolve(text)
}

test('events arrive whole however their text is cut, and comments are dropped', async () => {
  const seen = []
  const text = pieces('id: 3\nevent: pos', 'ition\ndata: {}\n\n:\n\nevent: turn-ended\n', 'data: {"a":1}\n\n')
  for await (const event of parseServerSentEvents(text)) seen.push(event)
  expect(seen).toEqual([
    { id: '3', event: 'position', data: '{}' },
    { id: undefined, event: 'turn-ended', data: '{"a":1}' },
  ])
})
