import { readSync } from 'node:fs'

/** The most that a host is heard out to, far more than its longest call of a tool. */
export const mostBytes = 16 * 2 ** 20

/**
 * Reads a pipe to its end, at once and without the streams of node, which take longer to load. Undefined when it was too
 * much: the host must not fail at a pipe that nobody reads, so all of it is read. @throws what the system says
 */
export function readInput(descriptor: number): string | undefined {
  const chunks: Buffer[] = []
  const buffer = Buffer.allocUnsafe(2 ** 14)
  let bytes = 0
  for (let count = readSome(descriptor, buffer); count > 0; count = readSome(descriptor, buffer)) {
    bytes += count
    if (bytes <= mostBytes) chunks.push(Buffer.from(buffer.subarray(0, count)))
  }
  return bytes > mostBytes ? undefined : Buffer.concat(chunks).toString('utf8')
}

/** 0 at its end, which on Windows is an error. Who else has the pipe may have made it one that does not wait. */
function readSome(descriptor: number, buffer: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}
