import type { Clock } from '@subagent-mcp/contract'
import type { Socket } from 'node:net'
import { longestHello, readHello, type Hello } from './hello.js'

/** Who is at the other end of a new connection. */
export type Newcomer =
  | { type: 'http' }
  | { type: 'shim'; hello: Hello }
  | { type: 'unknown'; problem: string }
  /** It only looked whether anybody is here. */
  | { type: 'gone' }

/** How long a connection may take to say what it is, in milliseconds. */
const helloDeadline = 10_000

const newline = 10
const brace = 123

/**
 * Reads as much of a connection as tells who it is, and calls `settle` once. The hello is taken out of the stream;
 * all else is given back to it, and the socket stands paused.
 */
export function tellApart(socket: Socket, clock: Clock, settle: (newcomer: Newcomer) => void): void {
  const pieces: Buffer[] = []
  let size = 0

  const finish = (newcomer: Newcomer, rest: Buffer): void => {
    cancelDeadline()
    socket.pause()
    socket.off('data', take).off('end', leave).off('error', leave).off('close', leave)
    if (rest.length > 0) socket.unshift(rest)
    settle(newcomer)
  }
  const take = (chunk: Buffer): void => {
    if (size === 0 && chunk[0] !== brace) {
      finish({ type: 'http' }, chunk)
      return
    }
    const end = chunk.indexOf(newline)
    pieces.push(end < 0 ? chunk : chunk.subarray(0, end))
    size += chunk.length
    if (end >= 0) finish(readPieces(pieces), chunk.subarray(end + 1))
    else if (size > longestHello) finish(unknown(`no hello within ${longestHello} bytes`), noBytes)
  }
  const leave = (): void => {
    finish(size > 0 ? unknown('it left within its hello') : { type: 'gone' }, noBytes)
  }
  const cancelDeadline = clock.after(helloDeadline, () => {
    finish(unknown(`no hello within ${helloDeadline} ms`), noBytes)
  })
  socket.on('data', take).once('end', leave).once('error', leave).once('close', leave)
}

const noBytes = Buffer.alloc(0)

function readPieces(pieces: readonly Buffer[]): Newcomer {
  const hello = readHello(Buffer.concat(pieces).toString('utf8'))
  return hello ? { type: 'shim', hello } : unknown('its first line is no hello')
}

function unknown(problem: string): Newcomer {
  return { type: 'unknown', problem }
}
