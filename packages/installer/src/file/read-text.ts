import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { isMissing, orFail } from './file-error.js'
import { realPathOf } from './real-path.js'

/** A file of others as it was read; `path` is the one that was asked for, `realPath` is behind its links. */
export type TextFile =
  | { type: 'text'; path: string; realPath: string; text: string; bytes: Buffer; mode: number }
  | { type: 'absent'; path: string; realPath: string }
  | { type: 'refused'; path: string; why: string }

/** Reads a file strictly: what is no regular file of one name in UTF-8 is refused, since it could not be written back. */
export function readText(path: string): TextFile {
  return orFail(`read ${path}`, () => {
    const realPath = realPathOf(path)
    const file = openIfThere(realPath)
    if (file === undefined) return { type: 'absent', path, realPath }
    try {
      const stats = fstatSync(file)
      if (!stats.isFile()) return { type: 'refused', path, why: 'it is no regular file' }
      if (stats.nlink > 1) return { type: 'refused', path, why: secondName }
      const bytes = readFileSync(file)
      const text = decode(bytes)
      if (text === undefined) return { type: 'refused', path, why: 'it is not text in UTF-8' }
      return { type: 'text', path, realPath, text, bytes, mode: stats.mode & 0o777 }
    } finally {
      closeSync(file)
    }
  })
}

/** What is wrong with such a file. */
export const secondName = 'it has a second name, a hard link, that would keep the old text'

function openIfThere(path: string): number | undefined {
  try {
    // Without waiting, as a pipe has one wait for its writer; on Windows the second is undefined and counts as 0.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw cause
  }
}

/** The byte order mark stays in the text. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    if (cause instanceof TypeError) return undefined
    throw cause
  }
}
