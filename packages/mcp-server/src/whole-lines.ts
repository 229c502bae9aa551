import { Transform } from 'node:stream'

/** The longest line that is passed on, in bytes: a message of the longest allowed size, escaped. */
export const longestLine = 64 * 1024 * 1024

/**
 * Passes complete lines on, each in one piece, and leaves out those that are too long: an over-long
 * message must not end the connection, and a long one must not be joined anew at every chunk.
 */
export function wholeLines(onProblem: (error: Error) => void, limit = longestLine): Transform {
  let pieces: Buffer[] = []
  let size = 0
  const add = (piece: Buffer): void => {
    size += piece.length
    if (size <= limit) pieces.push(piece)
    else pieces = []
  }
  const take = (): Buffer | undefined => {
    const line = size <= limit ? Buffer.concat(pieces) : undefined
    if (!line) onProblem(new Error(`left out a line of ${size} bytes: at most ${limit}`))
    pieces = []
    size = 0
    return line
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let start = 0
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        add(chunk.subarray(start, end + 1))
        start = end + 1
        const line = take()
        if (line) this.push(line)
      }
      add(chunk.subarray(start))
      done()
    },
  })
}
