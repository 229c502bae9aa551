import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { requestLimits } from './limit-requests.js'
import { httpRefusal, type HttpRefusal } from '../http/refusal.js'
import { bearsToken, readToken } from './token.js'

/** The TCP listener, or the reason why there is none. */
export type TcpListener =
  | { type: 'listening'; port: number; close(): void }
  | { type: 'off'; problem: string }

/** Creates an HTTP request listener that refuses the requests for which `guard` returns a refusal. */
export type CreateListener = (guard: (request: IncomingMessage) => HttpRefusal | undefined) => RequestListener

/**
 * Listens for HTTP on the loopback addresses, for clients that have the token. A failure, such as a port that an older daemon
 * still uses, does not stop the daemon and is returned as a problem.
 */
export async function listenOnLoopback(
  { port, tokenPath }: { port: number; tokenPath: string },
  answering: CreateListener,
): Promise<TcpListener> {
  const servers = [createServer(limits), createServer(limits)] as const
  const close = (): void => {
    servers.forEach(closeServer)
  }
  try {
    const token = await readToken(tokenPath)
    const chosen = await listen(servers[0], { host: '127.0.0.1', port })
    const answer = answering(createGuard(chosen, token))
    for (const server of servers) server.on('request', answer)
    await listen(servers[1], { host: '::1', port: chosen }).catch(allowMissing)
    return { type: 'listening', port: chosen, close }
  } catch (error) {
    close()
    return { type: 'off', problem: error instanceof Error ? error.message : String(error) }
  }
}

const limits = {
  headersTimeout: requestLimits.head,
  requestTimeout: requestLimits.head + requestLimits.body,
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

/** Ignores a failure to listen on IPv6, which a machine may lack. */
function allowMissing(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') throw error
}

function closeServer(server: Server): void {
  server.close()
  server.closeAllConnections()
}

/** Returns the check of HTTP requests over TCP: they need the token, and must not come from a page of another origin (`Origin`, `Host`). */
function createGuard(port: number, token: string): (request: IncomingMessage) => HttpRefusal | undefined {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`)
  const origins = hosts.map((host) => `http://${host}`)
  return ({ headers }) => {
    if (!hosts.includes(headers.host?.toLowerCase() ?? ''))
      return forbidden('Host: not a name of this machine')
    if (headers.origin !== undefined && !origins.includes(headers.origin))
      return forbidden('Origin: not ours')
    return bearsToken(headers.authorization, token) ? undefined : unauthorized()
  }
}

function forbidden(message: string): HttpRefusal {
  return httpRefusal(403, 'invalid-parameter', message)
}

function unauthorized(): HttpRefusal {
  const hint = 'send the token of the token file'
  const headers = { 'www-authenticate': 'Bearer' }
  return httpRefusal(401, 'invalid-parameter', 'Authorization: a bearer token is needed', { hint, headers })
}
