import type { Socket } from 'node:net'
import { exitCode, exitWith } from '../exit.js'

/** How long the daemon may take to say its last words to a host that is gone. */
const lastWordsMs = 5_000

/** What there is to do where the daemon ends before its host. */
export type Losses = {
  /** Connects to another one. */
  again: () => Promise<Socket>
  /** There is no other: nothing of what the host said is taken out of stdin. */
  alone: (error: unknown) => Promise<void>
  /** What the host's user is told when it is too late for another one. */
  lost: string
}

/**
 * Copies bytes between the host and the daemon until either ends, and then the process. A daemon that ends before its
 * first byte, as one on its way out does, is tried once more: all that the host has said until then is kept for it.
 */
export function carryBytes(socket: Socket, hello: object, { again, alone, lost }: Losses): void {
  const { stdin, stdout } = process
  const host = watchHost()
  const said = keepSaid()

  const end = (): void => {
    if (host.isGone()) leave()
    process.stderr.write(`subagent-mcp: ${lost}\n`)
    exitWith(exitCode.failed)
  }
  const carry = (daemon: Socket, onEarlyEnd: () => void): void => {
    let hasSpoken = false
    host.speaksTo(daemon)
    daemon.once('data', () => {
      hasSpoken = true
      said.forget()
    })
    // The close that follows says it all.
    daemon.once('error', () => undefined)
    daemon.once('close', () => {
      if (!hasSpoken && !host.isGone()) onEarlyEnd()
      // What was written last must get out first.
      else stdout.write('', end)
    })
    daemon.write(`${JSON.stringify(hello)}\n`)
    daemon.write(said.all())
    stdin.pipe(daemon)
    daemon.pipe(stdout)
  }
  const goOn = (other: Socket): void => {
    carry(other, end)
  }
  carry(socket, () => {
    again()
      .then(goOn)
      .catch((error: unknown) => {
        host.forget()
        said.giveBack()
        return alone(error)
      })
  })
}

/** Keeps what the host says, until it is forgotten or given back. */
function keepSaid() {
  const { stdin } = process
  const chunks: Buffer[] = []
  const keep = (chunk: Buffer): void => {
    chunks.push(chunk)
  }
  const forget = (): void => {
    stdin.off('data', keep)
    chunks.length = 0
  }
  stdin.on('data', keep)
  return {
    all: () => Buffer.concat(chunks),
    forget,
    giveBack: () => {
      const all = Buffer.concat(chunks)
      forget()
      stdin.pause().unshift(all)
    },
  }
}

/** Ends the process once the host is gone, and the daemon has said its last words. */
function watchHost() {
  const { stdin, stdout } = process
  let daemon: Socket | undefined
  let isGone = false
  const gone = (): void => {
    isGone = true
    daemon?.end()
    setTimeout(leave, lastWordsMs).unref()
  }
  stdin.once('end', gone).once('error', gone)
  stdout.once('error', leave)
  return {
    isGone: () => isGone,
    speaksTo: (socket: Socket) => (daemon = socket),
    forget: () => {
      stdin.off('end', gone).off('error', gone)
      stdout.off('error', leave)
    },
  }
}

function leave(): never {
  exitWith(exitCode.done)
}
