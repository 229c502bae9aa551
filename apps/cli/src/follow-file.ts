import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const lookMs = 200

/** The lines of a file; `undefined` when there is none. */
export function readLines(path: string): string[] | undefined {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  return readFileSync(path, 'utf8').trimEnd().split('\n')
}

/** Hands on what is added to a file, for ever. A file that was emptied meanwhile is read from its beginning. */
export async function followFile(path: string, onAdded: (text: string) => Promise<void>): Promise<never> {
  let read = sizeOf(path)
  for (;;) {
    await delay(lookMs)
    const size = sizeOf(path)
    if (size === read) continue
    const from = size < read ? 0 : read
    read = size
    await onAdded(readPart(path, from, size))
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function readPart(path: string, from: number, to: number): string {
  const buffer = Buffer.alloc(to - from)
  const descriptor = openSync(path, 'r')
  try {
    const count = readSync(descriptor, buffer, 0, buffer.length, from)
    return buffer.toString('utf8', 0, count)
  } finally {
    closeSync(descriptor)
  }
}
