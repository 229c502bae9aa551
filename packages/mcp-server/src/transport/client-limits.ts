import { afterLoopTime, type Clock } from '@subagent-mcp/contract'
import type { Writable } from 'node:stream'

/** What a client may cost before its connection is closed. Nothing is closed without `hangUp`: it is the only client then. */
export type ClientLimits = {
  /** Whether too much waits for the client already: then the connection is closed. */
  isOverBacklog(): boolean
  /** So many bytes were written: the client has its time to read some. */
  watchOutput(bytes: number): void
  /** A line has begun: the client has its time to end it. */
  watchLine(): void
  /** The line has ended, or is not read on for now. */
  lineEnded(): void
  stop(): void
}

type Options = { output: Writable; clock: Clock; hangUp?: ((reason: string) => void) | undefined }

/** How long a client may take to read some of what it was sent, and to end a line that it has begun, in milliseconds. */
const longestWait = 60_000
/** What may wait for a client before something more is sent to it, in characters. */
const longestBacklog = 16 * 1024 * 1024

/** Watches one connection. */
export function limitClient({ output, clock, hangUp }: Options): ClientLimits {
  let written = 0
  const taken = (): number => written - output.writableLength
  const reading = limitOf('it read nothing of its answers', taken)
  const line = limitOf('it did not end a line', () => 0)

  /** Over when nothing was done for the whole of it: while `done` grows, it begins again. */
  function limitOf(what: string, done: () => number) {
    let cancel: (() => void) | undefined
    const watch = (close: (reason: string) => void): (() => void) => {
      const before = done()
      return afterLoopTime(clock, longestWait, () => {
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
