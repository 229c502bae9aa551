/** At most so many bytes of UTF-8, and a note where something is left out. */
export function cutBytes(text: string, longest: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= longest) return text
  const kept = bytes.subarray(0, Math.max(0, longest - Buffer.byteLength(note)))
  // As a stream: a character of which only a part is left is left out.
  return new TextDecoder().decode(kept, { stream: true }) + note
}

const note = '\n… (cut)'
