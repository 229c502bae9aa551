import type { Socket } from 'node:net'
import { exitCode, exitWith } from './exit.js'

/** How long the daemon may take to say its last words to a host that is gone. */
const lastWordsMs = 5_000

/**
 * Copies bytes between the host and the daemon until either ends, and then the process. `lost` is what the host's
 * user is told when it is the daemon that ended.
 */
export function carryBytes(socket: Socket, hello: object, lost: string): void {
  const { stdin, stdout } = process
  const host = { isGone: false }
  const hostGone = (): void => {
    host.isGone = true
    socket.end()
    setTimeout(leave, lastWordsMs).unref()
  }
  stdin.once('end', hostGone).once('error', hostGone)
  stdout.once('error', leave)
  // The close that follows says it all.
  socket.once('error', () => undefined)
  socket.once('close', () => {
    // What was written last must get out first.
    stdout.write('', () => {
      if (host.isGone) leave()
      process.stderr.write(`subagent-mcp: ${lost}\n`)
      exitWith(exitCode.failed)
    })
  })
  socket.write(`${JSON.stringify(hello)}\n`)
  stdin.pipe(socket)
  socket.pipe(stdout)
}

function leave(): never {
  exitWith(exitCode.done)
}
