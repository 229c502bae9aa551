import { createLineByteBuffer } from './line-byte-buffer.js'
import { createJsonRpcHeadScanner, type JsonRpcHead } from './json-rpc-heads.js'

/** The longest line that is kept, in bytes: a message of the longest allowed size, escaped. */
export const maxLineBytes = 64 * 1024 * 1024

export type ByteLineSplitter = {
  take(chunk: Buffer): void
  /** Whether the newest line is unfinished. */
  isInLine(): boolean
}

/** Callbacks for the lines of a stream. */
export type LineHandlers = {
  onLine(line: Buffer): void
  /** Called for a line over the limit. Only its ids and methods are kept, so that its requests can be answered. */
  onTooLong(line: { size: number; heads: readonly JsonRpcHead[] }): void
}

/** The size from which a line is scanned while it arrives, because scanning all of a long one at its end would block too long. */
const longLine = 1024 * 1024

/** Creates a splitter at line feeds. It skips the bytes of a line that is too long, and continues after it. */
export function createByteLineSplitter(
  { onLine, onTooLong }: LineHandlers,
  limit = maxLineBytes,
): ByteLineSplitter {
  const gathered = createLineByteBuffer()
  const scanner = createJsonRpcHeadScanner()
  const threshold = Math.min(longLine, limit)
  let size = 0

  const scan = (piece: Buffer): void => {
    if (size <= threshold) {
      const begun = gathered.take()
      scanner.scan(begun)
      gathered.add(begun)
    }
    scanner.scan(piece)
  }
  const add = (piece: Buffer): void => {
    const next = size + piece.length
    if (next > threshold) scan(piece)
    if (next <= limit) gathered.add(piece)
    else gathered.take()
    size = next
  }
  const endLine = (): void => {
    const line = { size, heads: size > threshold ? scanner.finish() : [] }
    size = 0
    if (line.size > limit) onTooLong(line)
    else onLine(gathered.take())
  }
  return {
    take: (chunk) => {
      let start = 0
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        add(chunk.subarray(start, end))
        start = end + 1
        endLine()
      }
      if (start < chunk.length) add(chunk.subarray(start))
    },
    isInLine: () => size > 0,
  }
}

const newline = 10
