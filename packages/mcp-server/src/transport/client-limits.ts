import { callAfterEventLoopTime, type Clock } from '@subagent-mcp/contract'
import type { Writable } from 'node:stream'

/**
 * Limits on one client's unread answers and unfinished lines. Without `hangUp` the connection stays open, for a server that has
 * only this client.
 */
export type ClientLimits = {
  /** Returns whether the client has left too many answers unread, and closes the connection if so. */
  isOverBacklog(): boolean
  /** Called with the number of bytes after each write. The client must read some of its answers within the time limit. */
  watchOutput(bytes: number): void
  /** Called when a line of input has begun. The line must end within the time limit. */
  watchLine(): void
  /** Called when the line of input has ended, or reading pauses. */
  lineEnded(): void
  stop(): void
}

type Options = { output: Writable; clock: Clock; hangUp?: ((reason: string) => void) | undefined }

/** The time limit for a client to read some of its answers, and to finish a line, in milliseconds. */
const longestWait = 60_000
/** The most characters of unread answers. A client with more is sent nothing further. */
const longestBacklog = 16 * 1024 * 1024

export function createClientLimits({ output, clock, hangUp }: Options): ClientLimits {
  let written = 0
  const taken = (): number => written - output.writableLength
  const reading = limitOf('it read nothing of its answers', taken)
  const line = limitOf('it did not end a line', () => 0)

  /** Creates a time limit that starts again whenever the client made progress (`done` grew) before it was over. */
  function limitOf(what: string, done: () => number) {
    let cancel: (() => void) | undefined
    const watch = (close: (reason: string) => void): (() => void) => {
      const before = done()
      return callAfterEventLoopTime(clock, longestWait, () => {
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
