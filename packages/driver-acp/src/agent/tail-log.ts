import { createReadStream, truncateSync, watch } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

/** A file that is followed. */
export type FollowedFile = {
  /** Empties it: what was written to it is handed on, or lost. */
  empty(): void
  stop(): void
}

const maxBytes = 8 * 1024 * 1024

/** Hands on each line that is appended to a file from now on. A file that grows large is emptied. */
export function followFile(path: string, onLine: (line: string) => void): FollowedFile {
  const decoder = new StringDecoder('utf8')
  let position = 0
  let rest = ''
  let reading = false
  let again = false
  let full = false
  let stopped = false

  const take = (chunk: Buffer) => {
    position += chunk.length
    const lines = `${rest}${decoder.write(chunk)}`.split('\n')
    rest = lines.pop() ?? ''
    if (!stopped) lines.forEach(onLine)
  }
  const empty = () => {
    full = reading
    if (reading || stopped) return
    try {
      truncateSync(path)
      position = 0
    } catch {
      // It is gone, and all of it with it.
    }
  }
  const read = () => {
    again = reading
    if (reading) return
    reading = true
    const done = () => {
      reading = false
      if (full || position > maxBytes) empty()
      if (again && !stopped) read()
    }
    // The file may be gone: then there is nothing more to say.
    createReadStream(path, { start: position })
      .on('data', (chunk) => take(Buffer.from(chunk)))
      .on('error', done)
      .on('end', done)
  }
  const watcher = watch(path, { persistent: false }, read)
  watcher.on('error', () => undefined)
  const stop = () => {
    stopped = true
    watcher.close()
  }
  return { empty, stop }
}
