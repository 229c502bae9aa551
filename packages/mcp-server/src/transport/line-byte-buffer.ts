/** A buffer for the pieces of a line that has not ended. */
export type LineByteBuffer = {
  add(piece: Buffer): void
  size(): number
  /** Returns all bytes in one piece and empties the buffer. */
  take(): Buffer
}

/** The number of small pieces from which on they are joined, because each takes a hundred bytes of memory besides its content. */
const mostSmall = 1_024
const smallPiece = 1_024

/** Creates an empty buffer, which copies each byte at most twice. */
export function createLineByteBuffer(): LineByteBuffer {
  let pieces: Buffer[] = []
  let small: Buffer[] = []
  let size = 0
  const join = (): void => {
    if (small.length > 0) pieces.push(Buffer.concat(small))
    small = []
  }
  return {
    add: (piece) => {
      size += piece.length
      if (piece.length < smallPiece) small.push(piece)
      else {
        join()
        pieces.push(piece)
      }
      if (small.length >= mostSmall) join()
    },
    size: () => size,
    take: () => {
      const all = Buffer.concat([...pieces, ...small])
      pieces = []
      small = []
      size = 0
      return all
    },
  }
}
