import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ownScript } from '../own-script.js'

/**
 * Our program as it is on the disk, where another release may have taken its place; the same text as long as it is the
 * same. By content: packages are unpacked with one time for all files. The files that it loads are named by theirs.
 */
export function programStamp(): string {
  try {
    const text = readFileSync(join(dirname(ownScript), '..', 'dist', 'main.js'))
    return createHash('sha256').update(text).digest('hex')
  } catch {
    return 'gone'
  }
}
