import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const lookMs = 200

/** The current content of a file; `undefined` if it does not exist. `size`: the number of bytes that were read. */
export function readFileWithSize(path: string): { text: string; size: number } | undefined {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  const bytes = readFileSync(path)
  return { text: bytes.toString(), size: bytes.length }
}

/**
 * Passes on complete lines that are added to a file after its first `read` bytes; never ends. A file that was emptied is read from
 * its beginning.
 */
export async function streamAddedLines(
  path: string,
  read: number,
  onLines: (lines: readonly string[]) => Promise<void>,
): Promise<never> {
  let place = read
  let begun = Buffer.alloc(0)
  for (;;) {
    const size = sizeOf(path)
    if (size < place) {
      place = 0
      begun = Buffer.alloc(0)
    }
    if (size > place) {
      const part = readPart(path, place, size)
      const added = Buffer.concat([begun, part])
      const end = added.lastIndexOf('\n') + 1
      place += part.length
      begun = added.subarray(end)
      if (end > 0) await onLines(added.toString('utf8', 0, end - 1).split('\n'))
    }
    await delay(lookMs)
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function readPart(path: string, from: number, to: number): Buffer {
  const buffer = Buffer.alloc(to - from)
  const descriptor = openSync(path, 'r')
  try {
    const count = readSync(descriptor, buffer, 0, buffer.length, from)
    return buffer.subarray(0, count)
  } finally {
    closeSync(descriptor)
  }
}
