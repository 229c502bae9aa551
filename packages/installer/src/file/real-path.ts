import { readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { hasCode, isNoEntry } from './file-error.js'

/** More links than this in a row count as a circle. */
const mostLinks = 40

/** The path behind all links, even when nothing exists there yet or a link dangles. */
export function realPathOf(path: string, links = mostLinks): string {
  try {
    return realpathSync(path)
  } catch (cause) {
    if (!isNoEntry(cause) || links === 0) throw cause
  }
  const folder = dirname(path)
  if (folder === path) return path
  const place = join(realPathOf(folder, links), basename(path))
  const target = linkAt(place)
  return target === undefined ? place : realPathOf(resolve(dirname(place), target), links - 1)
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch (cause) {
    // EINVAL means that a file was created there in this moment.
    if (isNoEntry(cause) || hasCode(cause, 'EINVAL')) return undefined
    throw cause
  }
}
