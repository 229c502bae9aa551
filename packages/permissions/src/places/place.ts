import { closeSync, openSync, readdirSync, readlinkSync, readSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Where a call is made: what its paths are relative to, what becomes of them, and what is in a folder. */
export type CallPlace = {
  cwd: string
  home: string
  /** The folder in which everything of ours is kept, where that is not in the home under our name. */
  ownHome?: string
  realPath: (path: string) => string
  names: (folder: string) => readonly string[]
  /** The beginning of a file; empty where there is none, or in a place that is not looked into. */
  text?: (path: string) => string
}

/** A folder of this machine. */
export function placeOnDisk(cwd: string, home = homedir(), ownHome?: string): CallPlace {
  return {
    cwd: realPathOnDisk(cwd),
    home: realPathOnDisk(home),
    ...(ownHome !== undefined && { ownHome: realPathOnDisk(ownHome) }),
    realPath: realPathOnDisk,
    names: namesOnDisk,
    text: textOnDisk,
  }
}

/** A path as the program means it, with nothing left to follow; `undefined` when that cannot be known from outside. */
export function resolvePath(text: string, place: CallPlace, from = place.cwd): string | undefined {
  if (text.includes('\0') || text.length > longestPath) return undefined
  const path = place.realPath(absolute(text, place, from))
  return ofProcess.test(path) ? undefined : path
}

/** No system opens a longer one. */
export const longestPath = 4096

/** What is behind these is another file for each process, or a host. */
const ofProcess = /^\/(proc\/(self|thread-self|\d+)|dev\/(fd|tcp|udp))(\/|$)/

function absolute(text: string, { home }: CallPlace, from: string): string {
  if (text === '~' || text.startsWith('~/')) return home + text.slice(1)
  return text.startsWith('/') ? text : `${from}/${text}`
}

/** Whether a resolved path is below a folder; the folder itself is not. */
export function isBelow(path: string, folder: string): boolean {
  return path !== folder && path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

/** A path under which a file system may know it too that takes `A` for `a`, or passes over what cannot be seen. */
export function foldedPath(path: string): string {
  return path
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
}

/** More links than any system follows. */
const mostLinks = 100

/** Segment by segment: `link/..` is the parent of where the link leads. What is not there yet stays as it is. */
export function realPathOnDisk(path: string): string {
  const ahead = path.split('/').toReversed()
  let real = '/'
  let links = 0
  for (let segment = ahead.pop(); segment !== undefined; segment = ahead.pop()) {
    if (segment === '' || segment === '.') continue
    const next = segment === '..' ? dirname(real) : join(real, segment)
    if (ofProcess.test(next)) return next
    const target = segment === '..' || links === mostLinks ? undefined : linkTarget(next)
    if (target !== undefined) {
      links += 1
      ahead.push(...target.split('/').toReversed())
      if (target.startsWith('/')) real = '/'
    } else {
      real = next
    }
  }
  return real
}

/** Where a link leads, even to nothing: who writes to it makes the file there. */
function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    // No link, or not there: it is what it is called.
    return undefined
  }
}

/** In bytes: more than the settings of any repository come to. */
const longestText = 256 * 1024

function textOnDisk(path: string): string {
  try {
    if (!statSync(path).isFile()) return ''
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(longestText)
      return bytes.toString('utf8', 0, readSync(file, bytes, 0, longestText, 0))
    } finally {
      closeSync(file)
    }
  } catch {
    return '' // Not there, or not ours to read: then not git's either.
  }
}

function namesOnDisk(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // No folder, or not ours to read: a pattern finds nothing there.
    return []
  }
}
