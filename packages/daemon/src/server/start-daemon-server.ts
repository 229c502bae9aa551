import type { Clock } from '@subagent-mcp/contract'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { listenOnOwnSocket } from './connections/listen-on-own-socket.js'
import { countFactsByType } from './metrics/count-facts.js'
import { createHttpRequestHandler } from './http/handle-request.js'
import { createConnectionCount, type ConnectionCount } from './connections/connection-count.js'
import type { DaemonServerState } from './routes/daemon-routes.js'
import { limitRequestTime } from './connections/limit-request-time.js'
import { listenOnLoopback, type RequestListenerFactory } from './connections/listen-on-loopback.js'
import type { DaemonPort } from './daemon-port.js'
import { createMcpEndpoint, type McpEndpoint } from './mcp/mcp-endpoint.js'
import { createDashboardServer, type DashboardServer } from './page/dashboard-server.js'
import { createApiRoutes, createDashboardApiRoutes } from './routes/create-routes.js'
import { serveShim, type ShimConnection } from './connections/serve-shim.js'
import { identifyClient } from './connections/identify-client.js'

/** The addresses on which the daemon listens: the local socket, and loopback if a TCP port is set. */
export type DaemonServerOptions = { socketPath: string; tcp?: { port: number; tokenPath: string } }

/** The time limit for clients to read their last answers when the server closes, in milliseconds. */
const longestFarewell = 1_000

export type DaemonServer = {
  /** The number of connected shims and open HTTP requests, event streams included. */
  connections(): number
  /** Calls `listener` each time the number of connections has changed, until the returned function is called. */
  onChange(listener: () => void): () => void
  /** The TCP port; `undefined` while the server does not listen on TCP. */
  tcpPort: number | undefined
  /** Stops listening and closes all connections. Idempotent, never rejects. */
  close(): Promise<void>
}

/**
 * Serves shims and HTTP clients on a local socket. The caller must have checked that no daemon uses it. @throws SubagentError
 * `io-failed` if the socket cannot be opened
 */
export async function startDaemonServer(
  port: DaemonPort,
  options: DaemonServerOptions,
): Promise<DaemonServer> {
  const { socketPath, tcp } = options
  const [connectionCount, hosts, bound] = [
    createConnectionCount(),
    createConnectionCount(),
    createConnectionCount(),
  ]
  const facts = countFactsByType(port.supervisor)
  const counts = {
    connections: connectionCount.count,
    hosts: hosts.count,
    boundHosts: bound.count,
    factCounts: facts.counts,
  }
  const mcp = createMcpEndpoint(port, () => enterAll([hosts, connectionCount]))
  const { createListener, page } = createAnswering(port, { connectionCount, counts, mcp })
  const http = createHttpServer(createListener(() => undefined))
  limitRequestTime(http, port.supervisor.clock)
  const sockets = new Set<Socket>()
  // A client that has ended its side of the connection may still read the answer.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    accept(socket, { port, socketPath, connectionCount, hosts, bound, http })
  })
  await listenOnOwnSocket(server, socketPath)
  const loopback = tcp ? await listenOnLoopback(tcp, createListener) : undefined
  if (loopback?.type === 'off') port.log(`no TCP listener: ${loopback.problem}`)
  const listening = loopback?.type === 'listening' ? loopback : undefined
  const closeAll = async (): Promise<void> => {
    facts.stop()
    await mcp.close()
    listening?.close()
    page.close()
    await closeServer(server, sockets, port.supervisor.clock)
  }
  let closing: Promise<void> | undefined
  const { count: connections, onChange } = connectionCount
  return {
    connections,
    onChange,
    tcpPort: listening?.port,
    close: () => (closing ??= closeAll()),
  }
}

type RequestParts = {
  connectionCount: ConnectionCount
  mcp: McpEndpoint
  counts: Pick<DaemonServerState, 'connections' | 'hosts' | 'boundHosts' | 'factCounts'>
}

/** Creates the listeners of HTTP requests: those of the socket and the TCP port, and the server of the page. */
function createAnswering(
  port: DaemonPort,
  { connectionCount, counts, mcp }: RequestParts,
): { createListener: RequestListenerFactory; page: DashboardServer } {
  const startedAt = port.supervisor.clock.now()
  const state = { startedAt, workers: () => port.workers.list().length, ...counts }
  const parts = { connectionCount, log: port.log }
  const page: DashboardServer = createDashboardServer({
    port,
    routes: createDashboardApiRoutes(port, state),
    createListener: (guard) =>
      createHttpRequestHandler({ ...parts, guard, routesFor: (_, request) => page.routesFor(request) }),
  })
  const routesFor = createApiRoutes(port, state, page.open)
  return { page, createListener: (guard) => createHttpRequestHandler({ ...parts, routesFor, mcp, guard }) }
}

/** Adds one to each of these connection counts until the returned function is called. */
function enterAll(counts: readonly ConnectionCount[]): () => void {
  const left = counts.map(({ enter }) => enter())
  return () => {
    for (const leave of left) leave()
  }
}

type SocketParts = Record<'connectionCount' | 'hosts' | 'bound', ConnectionCount> & {
  port: DaemonPort
  socketPath: string
  http: Server
}

/** Finds out from its first bytes whether a new connection speaks HTTP or MCP, and passes it to that server. */
function accept(
  socket: Socket,
  { port, socketPath, connectionCount, hosts, bound, http }: SocketParts,
): void {
  identifyClient(socket, port.supervisor.clock, (client) => {
    switch (client.type) {
      case 'http':
        http.emit('connection', socket)
        socket.resume()
        return
      case 'shim':
        socket.once('close', hosts.enter())
        if (client.hello.key === undefined) socket.once('close', bound.enter())
        socket.once('close', connectionCount.enter())
        tryToServe(port, { socket, socketPath, hello: client.hello })
        return
      case 'unknown':
        port.log(`connection refused: ${client.problem}`)
        socket.destroy()
        return
      case 'gone':
        socket.destroy()
    }
  })
}

/**
 * Serves a shim's connection. If the connection is refused, logs the reason and closes it, because the error must not crash the daemon.
 */
function tryToServe(port: DaemonPort, shim: ShimConnection): void {
  try {
    serveShim(port, shim)
  } catch (error) {
    port.log(`connection refused: ${error instanceof Error ? error.message : String(error)}`)
    shim.socket.destroy()
  }
}

/** Closes the server and its connections. Connections whose client does not read its last answer within 1 s are destroyed. */
async function closeServer(server: Server, sockets: ReadonlySet<Socket>, { after }: Clock): Promise<void> {
  const cancel = after(longestFarewell, () => {
    for (const socket of sockets) socket.destroy()
  })
  const allClosed = [server, ...sockets].map(closed)
  server.close()
  for (const socket of sockets) socket.destroySoon()
  await Promise.all(allClosed)
  cancel()
}

function closed(each: Server | Socket): Promise<void> {
  return new Promise((resolve) => {
    each.once('close', () => {
      resolve()
    })
  })
}
