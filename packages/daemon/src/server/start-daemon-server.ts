import type { Clock } from '@subagent-mcp/contract'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import type { Asker } from '@subagent-mcp/api'
import { agentRoutes } from './agent-routes.js'
import { attendanceRoutes } from './attendance-routes.js'
import { createAttendances, type Attendances } from './attendances.js'
import { bindSocket } from './bind-socket.js'
import { countFacts } from './count-facts.js'
import { fleetRoutes } from './fleet-routes.js'
import { createRequestHandler } from './handle-request.js'
import { createHeadcount, type Headcount } from './headcount.js'
import type { Hello } from './hello.js'
import { houseRoutes, type ServerState } from './house-routes.js'
import { limitRequests } from './limit-requests.js'
import { listenOnLoopback, type Answering } from './listen-on-loopback.js'
import { mailRoutes } from './mail-routes.js'
import { createServedFor, type Served } from './own-port.js'
import type { DaemonPort } from './port.js'
import { permissionRoutes } from './permission-routes.js'
import { poolRoutes } from './pool-routes.js'
import type { Route } from './route.js'
import { serveShim } from './serve-shim.js'
import { tellApart } from './tell-apart.js'

/** Where to listen. Over TCP it listens on loopback only, and only where this is given. */
export type DaemonServerOptions = { socketPath: string; tcp?: { port: number; tokenPath: string } }

/** How long a client may take for what was sent to it last, in milliseconds. */
const longestFarewell = 1_000

/** A daemon that is listening. */
export type DaemonServer = {
  /** Shims that are connected, and HTTP requests that are open: a stream of events is one. */
  connections(): number
  /** Calls `listener` each time `connections()` has changed, until the returned function is called. */
  onChange(listener: () => void): () => void
  /** The TCP port; `undefined` while there is no TCP listener. */
  tcpPort: number | undefined
  /** Ends the workers' attendances, and takes no further one. In bounded time, never rejects. */
  endAttendances(): Promise<void>
  /** Listens no more, and ends what is connected. Idempotent, never rejects. */
  close(): Promise<void>
}

/**
 * Serves shims and HTTP clients on one local socket. The caller has made sure that it is the one daemon there.
 * @throws SubagentError `io-failed` when it cannot listen
 */
export async function startDaemonServer(
  port: DaemonPort,
  options: DaemonServerOptions,
): Promise<DaemonServer> {
  const { socketPath, tcp } = options
  const [headcount, hosts, bound] = [createHeadcount(), createHeadcount(), createHeadcount()]
  const attendances = createAttendances(port)
  const facts = countFacts(port.supervisor)
  const counts = {
    connections: headcount.count,
    hosts: hosts.count,
    boundHosts: bound.count,
    factCounts: facts.counts,
  }
  const answering = createAnswering(port, { headcount, attendances, counts })
  const http = createHttpServer(answering(() => undefined))
  limitRequests(http, port.supervisor.clock)
  const sockets = new Set<Socket>()
  // A client that has said all it wants may still listen to the answer.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    accept(socket, { port, headcount, hosts, bound, http })
  })
  await bindSocket(server, socketPath)
  const loopback = tcp ? await listenOnLoopback(tcp, answering) : undefined
  if (loopback?.type === 'off') port.log(`no TCP listener: ${loopback.problem}`)
  const listening = loopback?.type === 'listening' ? loopback : undefined
  const closeAll = async (): Promise<void> => {
    facts.stop()
    await attendances.close()
    listening?.close()
    await closeServer(server, sockets, port.supervisor.clock)
  }
  let closing: Promise<void> | undefined
  const { count: connections, onChange } = headcount
  return {
    connections,
    onChange,
    tcpPort: listening?.port,
    endAttendances: attendances.close,
    close: () => (closing ??= closeAll()),
  }
}

type Answers = {
  headcount: Headcount
  attendances: Attendances
  counts: Pick<ServerState, 'connections' | 'hosts' | 'boundHosts' | 'factCounts'>
}

function createAnswering(port: DaemonPort, { headcount, attendances, counts }: Answers): Answering {
  const startedAt = port.supervisor.clock.now()
  const state = { startedAt, workers: () => attendances.list().length, ...counts }
  const all = { port, attendances }
  const [routesOfAll, servedFor] = [routesOver(all, state), createServedFor(all)]
  const routesFor = (asker: Asker | undefined): readonly Route[] => {
    const served = servedFor(asker)
    return served === all ? routesOfAll : routesOver(served, state)
  }
  return (guard) => createRequestHandler({ routesFor, headcount, guard, log: port.log })
}

function routesOver({ port, attendances }: Served, state: ServerState): readonly Route[] {
  return [
    ...houseRoutes(port, state),
    ...agentRoutes(port, attendances),
    ...mailRoutes(port, attendances),
    ...attendanceRoutes(port, attendances),
    ...fleetRoutes(port, attendances),
    ...permissionRoutes(port),
    ...poolRoutes(port),
  ]
}

type Reception = Record<'headcount' | 'hosts' | 'bound', Headcount> & { port: DaemonPort; http: Server }

/** Finds out who a new connection is, and hands it on. */
function accept(socket: Socket, { port, headcount, hosts, bound, http }: Reception): void {
  tellApart(socket, port.supervisor.clock, (newcomer) => {
    switch (newcomer.type) {
      case 'http':
        http.emit('connection', socket)
        socket.resume()
        return
      case 'shim':
        socket.once('close', hosts.enter())
        if (newcomer.hello.key === undefined) socket.once('close', bound.enter())
        socket.once('close', headcount.enter())
        tryToServe(port, socket, newcomer.hello)
        return
      case 'unknown':
        port.log(`connection refused: ${newcomer.problem}`)
        socket.destroy()
        return
      case 'gone':
        socket.destroy()
    }
  })
}

/** A guest that cannot be let in must not end the daemon. */
function tryToServe(port: DaemonPort, socket: Socket, hello: Hello): void {
  try {
    serveShim(port, socket, hello)
  } catch (error) {
    port.log(`connection refused: ${error instanceof Error ? error.message : String(error)}`)
    socket.destroy()
  }
}

/** Resolves when nobody is left; who has not taken what was sent to them last is cut off. */
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
