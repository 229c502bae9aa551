import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { requestTimeLimits } from './limit-request-time.js'
import { createHttpRefusal, type HttpRefusal } from '../http/http-refusal.js'
import { hasBearerToken, readTokenFile } from './token.js'

/** The TCP listener, or the reason why the daemon cannot listen on TCP. */
export type TcpListener = LoopbackListener | { type: 'off'; problem: string }

/** A TCP listener on the loopback address; `close` also closes its connections. */
export type LoopbackListener = { type: 'listening'; port: number; close(): void }

/** Creates the handler of a server's HTTP requests. It refuses each request for which `guard` returns a refusal. */
export type RequestListenerFactory = (
  guard: (request: IncomingMessage) => HttpRefusal | undefined,
) => RequestListener

/**
 * Listens for HTTP on the loopback addresses, for clients that have the token. A failure, such as a port that an older daemon
 * still uses, does not stop the daemon and is returned as a problem.
 */
export async function listenOnLoopback(
  { port, tokenPath }: { port: number; tokenPath: string },
  answering: RequestListenerFactory,
): Promise<TcpListener> {
  try {
    const token = await readTokenFile(tokenPath)
    return await bindLoopback(port, (chosen) => answering(createGuard(chosen, token)))
  } catch (error) {
    return { type: 'off', problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Listens on the loopback addresses with one port; 0 means any. @throws Error of the system, such as a port in use */
export async function bindLoopback(
  port: number,
  listenerAt: (port: number) => RequestListener,
): Promise<LoopbackListener> {
  const servers = [createServer(limits), createServer(limits)] as const
  const close = (): void => {
    servers.forEach(closeServer)
  }
  try {
    const chosen = await listen(servers[0], { host: '127.0.0.1', port })
    const answer = listenerAt(chosen)
    for (const server of servers) server.on('request', answer)
    await listen(servers[1], { host: '::1', port: chosen }).catch(allowMissing)
    return { type: 'listening', port: chosen, close }
  } catch (error) {
    close()
    throw error
  }
}

const limits = {
  headersTimeout: requestTimeLimits.head,
  requestTimeout: requestTimeLimits.head + requestTimeLimits.body,
  connectionsCheckingInterval: 5_000,
}

function listen(server: Server, address: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, () => {
      server.off('error', reject)
      const bound = server.address()
      resolve(typeof bound === 'object' && bound ? bound.port : address.port)
    })
  })
}

/** Ignores a failure to listen on IPv6 if the machine has no IPv6. */
function allowMissing(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') throw error
}

function closeServer(server: Server): void {
  server.close()
  server.closeAllConnections()
}

/** Returns the check of HTTP requests over TCP. They need the token, and must not come from a web page (headers `Origin` and `Host`). */
function createGuard(port: number, token: string): (request: IncomingMessage) => HttpRefusal | undefined {
  const refuseForeign = createOriginGuard(port)
  return (request) =>
    refuseForeign(request) ??
    (hasBearerToken(request.headers.authorization, token) ? undefined : createUnauthorizedHttpRefusal())
}

/** Returns the check that a request names this machine as its `Host`, and comes from no other page (`Origin`). */
export function createOriginGuard(port: number): (request: IncomingMessage) => HttpRefusal | undefined {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`)
  const origins = hosts.map((host) => `http://${host}`)
  return ({ headers }) => {
    if (!hosts.includes(headers.host?.toLowerCase() ?? ''))
      return createForbiddenHttpRefusal('Host: not a name of this machine')
    if (headers.origin !== undefined && !origins.includes(headers.origin))
      return createForbiddenHttpRefusal('Origin: not ours')
    return undefined
  }
}

/** The refusal of a request from a page or for a host that is not served. */
export function createForbiddenHttpRefusal(message: string): HttpRefusal {
  return createHttpRefusal(403, 'invalid-parameter', message)
}

/** The refusal of a request without a valid token. */
export function createUnauthorizedHttpRefusal(): HttpRefusal {
  const hint = 'send the token of the token file'
  const headers = { 'www-authenticate': 'Bearer' }
  return createHttpRefusal(401, 'invalid-parameter', 'Authorization: a bearer token is needed', {
    hint,
    headers,
  })
}
