import { parseJson } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import { createManualClock } from '../manual-clock.test.support.js'
import { createJsonRpcPeer, type JsonRpcPeerOptions } from './json-rpc-peer.js'

/** Creates a JSON-RPC peer whose written lines are recorded, with a manual clock. */
function start(callbacks: Partial<JsonRpcPeerOptions> = {}) {
  const lines: unknown[] = []
  const clock = createManualClock()
  const peer = createJsonRpcPeer({
    clock,
    write: (line) => lines.push(parseJson(line)),
    onRequest: () => 'unknown',
    onNotification: () => undefined,
    ...callbacks,
  })
  const hear = (message: object) => peer.onLine(JSON.stringify(message))
  return { ...peer, hear, hearLine: peer.onLine, lines, clock }
}

describe('a request of ours', () => {
  test('is answered by its id, in whatever order the answers come', async () => {
    const { request, hear, lines } = start()
    const answers = [request('one', { a: 1 }), request('two', undefined)]
    expect(lines).toEqual([
      { jsonrpc: '2.0', id: 1, method: 'one', params: { a: 1 } },
      { jsonrpc: '2.0', id: 2, method: 'two' },
    ])
    hear({ id: 2, result: 'second' })
    hear({ jsonrpc: '2.0', id: 1, error: { code: -1, message: 'no', data: 'why' } })
    expect(await Promise.all(answers)).toEqual([
      { type: 'error', code: -1, message: 'no', data: 'why' },
      { type: 'result', result: 'second' },
    ])
  })

  test('that was not answered in time timed out; its late answer passes by', async () => {
    const { request, hear, clock } = start()
    const late = request('slow', {}, 100)
    const unhurried = request('slower', {})
    clock.advance(100)
    expect(await late).toEqual({ type: 'timed-out' })
    hear({ id: 1, result: 'late' })
    hear({ id: 2, result: 'at last' })
    expect(await unhurried).toEqual({ type: 'result', result: 'at last' })
  })

  test('leaves no timer behind', async () => {
    const { request, hear, end, clock } = start()
    const answers = [request('one', {}, 100), request('two', {}, 100)]
    hear({ id: 1, result: 1 })
    end()
    expect(await Promise.all(answers)).toEqual([{ type: 'result', result: 1 }, { type: 'lost' }])
    expect(clock.timers()).toBe(0)
  })

  test('is lost when the peer ended, before or after', async () => {
    const { request, notify, end, hear, lines } = start()
    const before = request('one', {})
    end()
    notify('news')
    hear({ id: 3, method: 'ask' })
    expect(await before).toEqual({ type: 'lost' })
    expect(await request('two', {})).toEqual({ type: 'lost' })
    expect(lines).toHaveLength(1)
  })

  test.each(['', 'Warning: old', '[1]', '{"id":99,"result":1}', '{"id":"1","result":1}'])(
    'is not disturbed by: %s',
    async (line) => {
      const { request, hear, hearLine } = start()
      const answer = request('one', {})
      hearLine(line)
      hear({ id: 1, result: 'mine' })
      expect(await answer).toEqual({ type: 'result', result: 'mine' })
    },
  )
})

describe("a request of the peer's", () => {
  test('is answered once, now or later', () => {
    const responds: Parameters<JsonRpcPeerOptions['onRequest']>[1][] = []
    const { hear, lines } = start({
      onRequest: (request, respond) => {
        responds.push(respond)
        if (request.method === 'now') respond({ result: request.params })
        return 'taken'
      },
    })
    hear({ id: 'a', method: 'later', params: {} })
    hear({ id: 0, method: 'now', params: { b: 2 } })
    expect(lines).toEqual([{ jsonrpc: '2.0', id: 0, result: { b: 2 } }])
    responds[0]?.({ error: { code: 1, message: 'no' } })
    responds[0]?.({ result: 'changed my mind' })
    expect(lines.slice(1)).toEqual([{ jsonrpc: '2.0', id: 'a', error: { code: 1, message: 'no' } }])
  })

  test('that nobody knows is refused', () => {
    const { hear, lines } = start()
    hear({ id: 7, method: 'fs/write', params: {} })
    const error = { code: -32601, message: 'fs/write is not supported here' }
    expect(lines).toEqual([{ jsonrpc: '2.0', id: 7, error }])
  })
})

test('notifications go both ways', () => {
  const heard: unknown[] = []
  const { hear, notify, lines } = start({ onNotification: (...news) => heard.push(news) })
  hear({ method: 'turn/started', params: { a: 1 } })
  notify('initialized')
  expect(heard).toEqual([['turn/started', { a: 1 }]])
  expect(lines).toEqual([{ jsonrpc: '2.0', method: 'initialized' }])
})
