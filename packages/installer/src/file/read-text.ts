import { SubagentError } from '@subagent-mcp/contract'
import { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { isMissingEntry, rethrowAsIoError, hasErrorCode } from './file-error.js'
import { basename, dirname, join, resolve } from 'node:path'

/** A host's file as it was read. `path` is the requested path, `realPath` the path behind its links. */
export type TextFile =
  | { type: 'text'; path: string; realPath: string; text: string; bytes: Buffer; mode: number }
  | { type: 'absent'; path: string; realPath: string }
  | { type: 'refused'; path: string; why: string }

/** A file that exists, with its content. */
export type PresentTextFile = Extract<TextFile, { type: 'text' }>

export type ReadFileResult = Exclude<TextFile, { type: 'refused' }>

/** Reads a regular file with one name in UTF-8; any other is refused, because it could not be written back. @throws SubagentError `io-failed` */
export function readUtf8File(path: string): TextFile {
  return rethrowAsIoError(`read ${path}`, () => {
    const realPath = resolveRealPath(path)
    const file = openIfThere(realPath)
    if (file === undefined) return { type: 'absent', path, realPath }
    try {
      const stats = fstatSync(file)
      if (!stats.isFile()) return { type: 'refused', path, why: 'it is no regular file' }
      if (stats.nlink > 1) return { type: 'refused', path, why: hardLinkReason }
      const bytes = readFileSync(file)
      const text = decode(bytes)
      if (text === undefined) return { type: 'refused', path, why: 'it is not text in UTF-8' }
      return { type: 'text', path, realPath, text, bytes, mode: stats.mode & 0o777 }
    } finally {
      closeSync(file)
    }
  })
}

/** Reads a file for a plan: one that cannot be read is refused, so that it does not stop the plan of the others. */
export function readTextFileOrRefuse(path: string): TextFile {
  try {
    return readUtf8File(path)
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'refused', path, why: error.message }
    throw error
  }
}

/** The text of a file; undefined for a file that is missing or cannot be read. */
export function readTextIfAny(path: string): string | undefined {
  const file = readTextFileOrRefuse(path)
  return file.type === 'text' ? file.text : undefined
}

export const hardLinkReason = 'it has a second name, a hard link, that would keep the old text'

function openIfThere(path: string): number | undefined {
  try {
    // O_NONBLOCK, because opening a pipe waits for its writer; on Windows it is undefined and counts as 0.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    if (isMissingEntry(cause)) return undefined
    throw cause
  }
}

/** Decodes UTF-8, and keeps the byte order mark in the text. Undefined for invalid bytes. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    if (cause instanceof TypeError) return undefined
    throw cause
  }
}

/** The longest chain of links; a longer one counts as a circle. */
const mostLinks = 40

/** The path behind all links, even when nothing exists there yet or a link dangles. */
export function resolveRealPath(path: string, links = mostLinks): string {
  try {
    return realpathSync(path)
  } catch (cause) {
    if (!isMissingEntry(cause) || links === 0) throw cause
  }
  const folder = dirname(path)
  if (folder === path) return path
  const place = join(resolveRealPath(folder, links), basename(path))
  const target = linkAt(place)
  return target === undefined ? place : resolveRealPath(resolve(dirname(place), target), links - 1)
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch (cause) {
    // EINVAL means that a file was created there in this moment.
    if (isMissingEntry(cause) || hasErrorCode(cause, 'EINVAL')) return undefined
    throw cause
  }
}

/** Whether two paths lead to one existing file. */
export function isSameFile(left: string, right: string): boolean {
  try {
    return realpathSync(left) === realpathSync(right)
  } catch {
    return false // One of them does not exist.
  }
}
