/** The end of a stream of text, in bounded memory. */
export type TextTail = {
  push(chunk: Buffer): void
  text(): string
}

const newline = 0x0a

/** Keeps the last `maxBytes` of a stream. A text that was cut begins at the next complete line. */
export function createTextTail(maxBytes: number): TextTail {
  let kept: Buffer = Buffer.alloc(0)
  let cut = false
  return {
    push: (chunk) => {
      const all = Buffer.concat([kept, chunk])
      cut ||= all.length > maxBytes
      kept = all.length > maxBytes ? Buffer.from(all.subarray(-maxBytes)) : all
    },
    text: () => {
      const firstWholeLine = cut ? kept.indexOf(newline) + 1 : 0
      return kept.toString('utf8', firstWholeLine)
    },
  }
}
