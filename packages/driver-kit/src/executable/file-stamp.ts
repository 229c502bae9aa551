import { statSync } from 'node:fs'

/** A text that changes when a file is replaced or written, such as by an upgrade. */
export function fileStamp(path: string): string {
  const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? {}
  return `${path} ${mtimeMs} ${size}`
}
