import { closeSync, openSync, readdirSync, readlinkSync, readSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** The folder and home of a tool call, and access to the file system to resolve its paths. */
export type ToolCallContext = {
  cwd: string
  home: string
  /** The folder with the files of subagent-mcp, when it is not `~/.subagent-mcp`. */
  ownHome?: string
  /** Files of the user that count as credentials whatever they are called: absolute, with links followed. */
  secretFiles?: readonly string[]
  realPath: (path: string) => string
  names: (folder: string) => readonly string[]
  /** Returns the first 256 kB of a file; empty if it does not exist, or if this place has no access to files. */
  text?: (path: string) => string
}

export function createDiskToolCallContext(
  cwd: string,
  home = homedir(),
  { ownHome, secretFiles = [] }: Partial<Pick<ToolCallContext, 'ownHome' | 'secretFiles'>> = {},
): ToolCallContext {
  return {
    cwd: realPathOnDisk(cwd),
    home: realPathOnDisk(home),
    ...(ownHome !== undefined && { ownHome: realPathOnDisk(ownHome) }),
    ...(secretFiles.length > 0 && { secretFiles: secretFiles.map(realPathOnDisk) }),
    realPath: realPathOnDisk,
    names: namesOnDisk,
    text: textOnDisk,
  }
}

/**
 * The absolute path, with links followed, that `text` means to a program in the folder `from`. Undefined for a path
 * that means another file in each process (`/proc/self`) or a network host, and for a text that no system opens as a
 * path.
 */
export function resolveCallPath(text: string, place: ToolCallContext, from = place.cwd): string | undefined {
  if (text.includes('\0') || text.length > longestPathLength) return undefined
  const path = place.realPath(absolute(text, place, from))
  return ofProcess.test(path) ? undefined : path
}

/** Whether a link is on the way of a path. After it `..` means the link's folder to `cd`, but its target's to other programs. */
export function pathPassesLink(text: string, place: ToolCallContext, from: string): boolean {
  const path = absolute(text, place, from)
  return resolve(place.realPath(path)) !== resolve(path)
}

/** The most characters of a path; no system opens a longer one. */
export const longestPathLength = 4096

/** Paths that mean another file in each process, or a network host. */
const ofProcess = /^\/(proc\/(self|thread-self|\d+)|dev\/(fd|tcp|udp))(\/|$)/

function absolute(text: string, { home }: ToolCallContext, from: string): string {
  if (text === '~' || text.startsWith('~/')) return home + text.slice(1)
  return text.startsWith('/') ? text : `${from}/${text}`
}

/** Whether a resolved path is below a folder. False for the folder itself. */
export function isBelowFolder(path: string, folder: string): boolean {
  return path !== folder && path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

/** Normalizes a path for comparison as file systems do that ignore case, compatibility forms and invisible characters. */
export function foldPathCase(path: string): string {
  return path
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
}

/** The most symbolic links that are followed in one path. Systems follow fewer. */
const mostLinks = 100

/** Resolves a path segment by segment, so that `link/..` is the parent of the link's target. Missing segments stay as they are. */
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

/** Returns the target of a symbolic link, even a missing one, which a write would create; undefined for other files. */
function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    // The path is no link, or does not exist.
    return undefined
  }
}

/** The most bytes of a file that are read, more than the settings of any repository have. */
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
    return '' // The file does not exist, or may not be read; then git cannot read it either.
  }
}

function namesOnDisk(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // The path is no folder, or may not be read; a pattern matches nothing there.
    return []
  }
}
