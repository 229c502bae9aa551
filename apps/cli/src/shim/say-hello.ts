import type { ShimHello } from '@subagent-mcp/daemon'
import type { Socket } from 'node:net'

/** A connection that a daemon has accepted, paused before its first line, and the daemon's version. */
export type DaemonConnection = { socket: Socket; version: string }

/**
 * Sends the hello and waits until the daemon accepts the connection. Returns undefined when the daemon closed it; the daemon
 * has read only the hello then.
 */
export function sayHelloToDaemon(socket: Socket, hello: ShimHello): Promise<DaemonConnection | undefined> {
  return new Promise((resolve) => {
    let pieces: Buffer[] = []
    const settle = (version: string | undefined): void => {
      socket.off('data', take).off('close', refused).pause()
      if (version === undefined) socket.destroy()
      resolve(version === undefined ? undefined : { socket, version })
    }
    const refused = (): void => {
      settle(undefined)
    }
    const take = (chunk: Buffer): void => {
      const end = chunk.indexOf(newline)
      pieces.push(end < 0 ? chunk : chunk.subarray(0, end))
      if (end < 0) return
      const version = versionIn(Buffer.concat(pieces).toString())
      pieces = []
      settle(version)
      if (version !== undefined && end + 1 < chunk.length) socket.unshift(chunk.subarray(end + 1))
    }
    // An error is followed by `close`, which is handled.
    socket.on('error', () => undefined)
    socket.on('data', take).once('close', refused)
    socket.write(`${JSON.stringify(hello)}\n`)
  })
}

const newline = 10

/** The version in the welcome of a daemon; undefined for another line or another protocol. */
function versionIn(line: string): string | undefined {
  try {
    const welcome: unknown = JSON.parse(line)
    const isOurs = typeof welcome === 'object' && welcome !== null && 'subagentMcp' in welcome
    if (!isOurs || welcome.subagentMcp !== 1 || !('version' in welcome)) return undefined
    return String(welcome.version)
  } catch {
    return undefined
  }
}
