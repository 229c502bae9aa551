/** Splits the bytes of a stream into lines. */
export type LineSplitter = {
  push(chunk: Buffer): void
  /** Reports a last line that has no line break. */
  end(): void
}

const newline = 0x0a

/**
 * Creates a splitter at LF and CRLF. Decodes whole lines, because a chunk may cut a character. A line over `maxLineBytes` is
 * dropped and reported as soon as it exceeds the limit.
 */
export function createLineSplitter(options: {
  maxLineBytes: number
  onLine: (line: string) => void
  onOversizedLine: () => void
}): LineSplitter {
  let pieces: Buffer[] = []
  let bytes = 0

  const take = (piece: Buffer) => {
    const fitted = bytes <= options.maxLineBytes
    bytes += piece.length
    if (bytes <= options.maxLineBytes) {
      pieces.push(piece)
    } else if (fitted) {
      pieces = []
      options.onOversizedLine()
    }
  }

  const endLine = () => {
    const line = bytes <= options.maxLineBytes ? decode(pieces) : undefined
    pieces = []
    bytes = 0
    if (line !== undefined) options.onLine(line)
  }

  return {
    push: (chunk) => {
      let start = 0
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        take(chunk.subarray(start, end))
        endLine()
        start = end + 1
      }
      if (start < chunk.length) take(chunk.subarray(start))
    },
    end: () => {
      if (bytes > 0) endLine()
    },
  }
}

function decode(pieces: readonly Buffer[]): string {
  const text = Buffer.concat(pieces).toString('utf8')
  return text.endsWith('\r') ? text.slice(0, -1) : text
}
