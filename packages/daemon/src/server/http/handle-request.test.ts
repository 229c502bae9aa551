import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { daemonApi } from '@subagent-mcp/api'
import { createConnectionCount } from '../connections/connection-count.js'
import { createHttpRequestHandler } from './handle-request.js'
import { createStreamingRoute } from './route.js'

test('an error of a stream after its end is logged, and the daemon continues', async () => {
  const logged: string[] = []
  const late = createStreamingRoute(daemonApi.events, (_, { response }) => {
    response.end('all')
    response.write('more')
  })
  const server = createServer(
    createHttpRequestHandler({
      routesFor: () => [late],
      mcp: { handle: () => Promise.resolve(), close: () => Promise.resolve() },
      connectionCount: createConnectionCount(),
      guard: () => undefined,
      log: (line) => logged.push(line),
    }),
  )
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  for (const count of [1, 2]) {
    expect(await textOf(server.address())).toBe('all')
    expect(logged).toEqual(Array(count).fill('GET /v1/events: write after end'))
  }
})

async function textOf(address: AddressInfo | string | null): Promise<string> {
  const port = typeof address === 'object' ? address?.port : undefined
  const response = await new Promise<IncomingMessage>((resolve) => {
    get({ host: '127.0.0.1', port, path: '/v1/events', agent: false }, resolve)
  })
  let text = ''
  for await (const piece of response) text += String(piece)
  return text
}
