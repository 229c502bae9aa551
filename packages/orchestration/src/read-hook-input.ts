import { fstatSync, readSync } from 'node:fs'

/**
 * Reads a pipe to its end, synchronously and without Node's streams, which take longer to load. Undefined for more than
 * `mostBytes`; those are read all the same, because a host must not fail at a pipe that nobody reads.
 * @throws the system's error
 */
export function readHookInput(descriptor: number): string | undefined {
  // A terminal, or no input.
  if (fstatSync(descriptor).isCharacterDevice()) return undefined
  const chunks: Buffer[] = []
  const buffer = Buffer.allocUnsafe(2 ** 14)
  let bytes = 0
  for (let count = readSome(descriptor, buffer); count > 0; count = readSome(descriptor, buffer)) {
    bytes += count
    if (bytes <= mostBytes) chunks.push(Buffer.from(buffer.subarray(0, count)))
  }
  return bytes > mostBytes ? undefined : Buffer.concat(chunks).toString('utf8')
}

/** The most bytes that are read from a host: far more than its longest tool call. */
const mostBytes = 16 * 2 ** 20

/** Reads a piece of a pipe; 0 at its end, which is an error on Windows. Retries while it is empty: another process may have made it non-blocking. */
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
