import { freePort } from '@subagent-mcp/testkit'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { serverEnvironment, type ServerStage } from './server-stage.js'

/** The address at which the daemon of a stage serves MCP, and the headers that a host sends with each request. */
export type UrlServer = { port: number; cwd: string; url: URL; headers: Record<string, string> }

/** Makes the daemon of a stage listen on a loopback port, for hosts in the home's project. */
export async function listenOnUrl({ configure }: ServerStage): Promise<UrlServer> {
  const port = await freePort()
  const { home } = await configure({ daemon: { port } })
  const url = new URL(`http://127.0.0.1:${port}/mcp`)
  url.searchParams.set('cwd', home.cwd)
  // The daemon serves its socket first, and makes the token when it listens on the port.
  const token = await vi.waitFor(() => readFileSync(join(home.home, '.subagent-mcp', 'token'), 'utf8').trim())
  const headers = {
    authorization: `Bearer ${token}`,
    'subagent-mcp-environment': encodeURIComponent(JSON.stringify(serverEnvironment(home))),
  }
  const health = (): Promise<number> =>
    fetch(new URL('/v1/health', url), { headers }).then(({ status }) => status)
  await expect.poll(health).toBe(200)
  return { port, cwd: home.cwd, url, headers }
}

/**
 * While `use` runs, serves the same on a port of its own, with neither token nor folder, because the conformance suite can send none. `Host` and
 * `Origin` are passed on as they are, except that the names of this port become those of the daemon's.
 */
export async function servePlainly(
  { port, cwd, url, headers }: UrlServer,
  use: (plain: string) => Promise<void>,
): Promise<void> {
  const own = await freePort()
  const named = (text: string | undefined): string | undefined => text?.replace(`:${own}`, `:${port}`)
  const forward = (incoming: IncomingMessage, response: ServerResponse): void => {
    const { host, origin, ...rest } = incoming.headers
    const sent = {
      ...rest,
      ...headers,
      'subagent-mcp-cwd': encodeURIComponent(cwd),
      host: named(host),
      ...(origin !== undefined && { origin: named(origin) }),
    }
    const { method } = incoming
    const onward = request(
      { host: url.hostname, port, path: incoming.url, method, headers: sent },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders()
        answer.on('error', () => response.destroy()).pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    response.once('close', () => onward.destroy())
    incoming.pipe(onward)
  }
  const server = createServer(forward)
  await new Promise<void>((resolve) => server.listen(own, '127.0.0.1', resolve))
  try {
    await use(`http://127.0.0.1:${own}${url.pathname}`)
  } finally {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
}
