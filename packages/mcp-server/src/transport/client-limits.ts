import { afterEventLoopTime, type Clock } from '@subagent-mcp/contract'
import type { Writable } from 'node:stream'

/**
 * Limits on one client's unread answers and unfinished lines. Without `hangUp` the connection stays open, for a server that has
 * only this client.
 */
export type ClientLimits = {
  /** Whether the client has too many unread answers. Closes the connection if so. */
  isOverBacklog(): boolean
  /** Called with the number of bytes after each write. The client must read some of its answers within the time limit. */
  watchOutput(bytes: number): void
  /** Called when a line has begun, which must end within the time limit. */
  watchLine(): void
  /** Called when the line has ended, or reading pauses. */
  lineEnded(): void
  stop(): void
}

type Options = { output: Writable; clock: Clock; hangUp?: ((reason: string) => void) | undefined }

/** The time limit for a client to read some of its answers, and to finish a line, in milliseconds. */
const longestWait = 60_000
/** The most characters of unread answers. A client with more is sent nothing further. */
const longestBacklog = 16 * 1024 * 1024

/** Creates the limits of one client's connection. */
export function limitClient({ output, clock, hangUp }: Options): ClientLimits {
  let written = 0
  const taken = (): number => written - output.writableLength
  const reading = limitOf('it read nothing of its answers', taken)
  const line = limitOf('it did not end a line', () => 0)

  /** Creates a time limit that starts again if `done` has grown within it. */
  function limitOf(what: string, done: () => number) {
    let cancel: (() => void) | undefined
    const watch = (close: (reason: string) => void): (() => void) => {
      const before = done()
      return afterEventLoopTime(clock, longestWait, () => {
        if (done() > before) cancel = watch(close)
        else close(`${what} for ${longestWait} ms`)
      })
    }
    return {
      begin: () => {
        if (hangUp) cancel ??= watch(hangUp)
      },
      end: () => {
        cancel?.()
        cancel = undefined
      },
    }
  }
  output.on('drain', reading.end)
  return {
    isOverBacklog: () => {
      const isOver = hangUp !== undefined && output.writableLength > longestBacklog
      if (isOver) hangUp(`it left ${output.writableLength} characters of its answers unread`)
      return isOver
    },
    watchOutput: (bytes) => {
      written += bytes
      if (output.writableNeedDrain) reading.begin()
    },
    watchLine: line.begin,
    lineEnded: line.end,
    stop: () => {
      output.off('drain', reading.end)
      reading.end()
      line.end()
    },
  }
}
