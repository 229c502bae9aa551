import { callAfterEventLoopTime, type Clock } from '@subagent-mcp/contract'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The time limits for the head and the body of an HTTP request, in milliseconds. */
export const requestTimeLimits = { head: 30_000, body: 60_000 }

/**
 * Closes HTTP connections whose request does not arrive completely in time. Node's own limits do not apply, because this HTTP
 * server gets its sockets from another listener. Time in which the event loop is blocked does not count.
 */
export function limitRequestTime(server: Server, clock: Clock): void {
  const waits = new WeakMap<Socket, () => void>()
  const open = new WeakMap<Socket, number>()
  const awaitHead = (socket: Socket, isFirst: boolean): void => {
    const received = socket.bytesRead
    const cancel = callAfterEventLoopTime(clock, requestTimeLimits.head, () => {
      // Between two requests a connection may be idle, and Node closes it later. The limit of a head counts from its first bytes.
      if (!isFirst) awaitHead(socket, socket.bytesRead > received)
      else {
        socket.end(late)
        socket.destroySoon()
      }
    })
    waits.set(socket, cancel)
  }
  server.on('connection', (socket) => {
    socket.once('close', () => waits.get(socket)?.())
    awaitHead(socket, true)
  })
  server.on('request', (request, response) => {
    const { socket } = request
    waits.get(socket)?.()
    open.set(socket, (open.get(socket) ?? 0) + 1)
    limitBody(clock, request, response)
    response.once('close', () => {
      const left = (open.get(socket) ?? 1) - 1
      open.set(socket, left)
      if (left === 0 && !socket.destroyed) awaitHead(socket, false)
    })
  })
}

/** Closes the connection of a request whose body does not arrive in time, whether or not a handler reads it. */
function limitBody(clock: Clock, request: IncomingMessage, response: ServerResponse): void {
  const cancel = callAfterEventLoopTime(clock, requestTimeLimits.body, () => {
    if (request.complete) return
    if (!response.headersSent) response.writeHead(408, { connection: 'close' }).end()
    request.socket.destroySoon()
  })
  request.once('end', cancel)
  request.once('close', cancel)
}

const late = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'
