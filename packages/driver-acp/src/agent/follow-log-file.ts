import { createReadStream, truncateSync, watch } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

export type FollowedLogFile = {
  /** Empties the file. Lines that have not been read are lost. */
  empty(): void
  stop(): void
}

const maxBytes = 8 * 1024 * 1024

/** Calls `onLine` for each line that is appended to a file from now on. Empties the file when it exceeds 8 MB. */
export function followLogFile(path: string, onLine: (line: string) => void): FollowedLogFile {
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
      // The file does not exist any more.
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
    // The log file may have been removed.
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
