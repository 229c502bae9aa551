import { once } from '@subagent-mcp/contract'
import { serveMcp, summarizeMcpProblem } from '@subagent-mcp/mcp-server'
import type { Socket } from 'node:net'
import { createOtherDaemonRequests } from './other-daemon-requests.js'
import type { ShimHello, ShimWelcome } from './shim-hello.js'
import type { Connection } from '@subagent-mcp/runtime'
import type { DaemonPort } from '../daemon-port.js'

/** A shim's connection. `socketPath`: the path of this daemon's socket, in whose folder the sockets of other daemons are. */
export type ShimConnection = { socket: Socket; socketPath: string; hello: ShimHello }

/**
 * Serves MCP to a host over its shim's connection. When the socket ends, the host is disconnected and its agents continue. @throws
 * the errors of `connect`
 */
export function serveShim(port: DaemonPort, { socket, socketPath, hello }: ShimConnection): void {
  const { cwd, environment, pid, host, key, forwarded } = hello
  const named = { ...(host !== undefined && { host }), ...(key !== undefined && { key }) }
  const connection = port.connect({ cwd, environment, pid, ...named })
  const welcome: ShimWelcome = { subagentMcp: 1, version: port.version }
  if (key !== undefined) socket.write(`${JSON.stringify(welcome)}\n`)
  const others = createOtherDaemonRequests({ socketPath, hello, clock: port.supervisor.clock })
  const closeMcp = serveMcp({
    ...connection,
    ...(!forwarded && { askOthers: others.ask }),
    version: port.version,
    input: socket,
    output: socket,
    onProblem: (problem) => {
      port.log(`mcp ${connection.caller}: ${summarizeMcpProblem(problem)}`)
    },
    hangUp: (reason) => {
      port.log(`mcp ${connection.caller}: closed, because ${reason}`)
      socket.destroy()
    },
  })
  const end = once(() => {
    others.close()
    endConnection(port, connection, closeMcp)
    socket.destroySoon()
  })
  socket.once('end', end)
  socket.once('close', end)
  socket.on('error', end)
}

function endConnection(
  { log }: DaemonPort,
  { caller, disconnect }: Connection,
  closeMcp: () => Promise<void>,
): void {
  closeMcp().catch((error: unknown) => {
    log(`mcp ${caller}: ${String(error)}`)
  })
  disconnect()
}
