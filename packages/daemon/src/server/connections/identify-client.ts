import { callAfterEventLoopTime, type Clock } from '@subagent-mcp/contract'
import { createLineByteBuffer } from '@subagent-mcp/mcp-server'
import type { Socket } from 'node:net'
import { maxHelloBytes, parseShimHello, type ShimHello } from './shim-hello.js'

/** The kind of client on a new connection: a shim with its hello, or an HTTP client. */
export type IdentifiedClient =
  | { type: 'http' }
  | { type: 'shim'; hello: ShimHello }
  | { type: 'unknown'; problem: string }
  /** The client closed the connection without sending a byte, as programs do that only check whether a daemon listens. */
  | { type: 'gone' }

/** The time limit for the first bytes of a connection, in milliseconds of a running event loop. */
const helloDeadline = 10_000

const newline = 10
const brace = 123

/**
 * Reads the beginning of a connection until its kind is known (shim or HTTP client), and calls `settle` once. Removes the hello
 * line, puts all other bytes back, and leaves the socket paused.
 */
export function identifyClient(
  socket: Socket,
  clock: Clock,
  settle: (client: IdentifiedClient) => void,
): void {
  const gathered = createLineByteBuffer()

  const finish = (client: IdentifiedClient, rest: Buffer): void => {
    cancelDeadline()
    socket.pause()
    socket.off('data', take).off('end', leave).off('error', leave).off('close', leave)
    if (rest.length > 0) socket.unshift(rest)
    settle(client)
  }
  const take = (chunk: Buffer): void => {
    if (gathered.size() === 0 && chunk[0] !== brace) {
      finish({ type: 'http' }, chunk)
      return
    }
    const end = chunk.indexOf(newline)
    gathered.add(end < 0 ? chunk : chunk.subarray(0, end))
    if (end >= 0) finish(readLine(gathered.take()), chunk.subarray(end + 1))
    else if (gathered.size() > maxHelloBytes)
      finish(unknown(`no hello within ${maxHelloBytes} bytes`), noBytes)
  }
  const leave = (): void => {
    finish(
      gathered.size() > 0
        ? unknown('it closed the connection before its hello was complete')
        : { type: 'gone' },
      noBytes,
    )
  }
  const cancelDeadline = callAfterEventLoopTime(clock, helloDeadline, () => {
    finish(unknown(`no hello within ${helloDeadline} ms`), noBytes)
  })
  socket.on('data', take).once('end', leave).once('error', leave).once('close', leave)
}

const noBytes = Buffer.alloc(0)

function readLine(line: Buffer): IdentifiedClient {
  const hello = parseShimHello(line.toString('utf8'))
  return hello ? { type: 'shim', hello } : unknown('its first line is not a valid hello')
}

function unknown(problem: string): IdentifiedClient {
  return { type: 'unknown', problem }
}
