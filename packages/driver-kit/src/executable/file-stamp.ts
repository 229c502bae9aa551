import { statSync } from 'node:fs'

/** A file as it is now: another after it was replaced or written to, as by an upgrade. */
export function fileStamp(path: string): string {
  const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? {}
  return `${path} ${mtimeMs} ${size}`
}
