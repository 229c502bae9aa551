import { readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { hasCode, isMissing } from './file-error.js'

/** More links in a row are a circle. */
const mostLinks = 40

/** Where a path leads behind all links, also when nothing is there yet, be it behind a link that dangles. */
export function realPathOf(path: string, links = mostLinks): string {
  try {
    return realpathSync(path)
  } catch (cause) {
    if (!isMissing(cause) || links === 0) throw cause
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
    // EINVAL: no link, but something that came just now.
    if (isMissing(cause) || hasCode(cause, 'EINVAL')) return undefined
    throw cause
  }
}
