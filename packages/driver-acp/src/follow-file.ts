import { createReadStream, watch } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

/** Hands on each line that is written to a file from now on, until the returned function is called. */
export function followFile(path: string, onLine: (line: string) => void): () => void {
  const decoder = new StringDecoder('utf8')
  let position = 0
  let rest = ''
  let reading = false
  let again = false
  let stopped = false

  const take = (chunk: Buffer) => {
    position += chunk.length
    const lines = `${rest}${decoder.write(chunk)}`.split('\n')
    rest = lines.pop() ?? ''
    if (!stopped) lines.forEach(onLine)
  }
  const read = () => {
    again = reading
    if (reading) return
    reading = true
    const done = () => {
      reading = false
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
  return () => {
    stopped = true
    watcher.close()
  }
}
