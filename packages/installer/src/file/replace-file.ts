import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
  readdirSync,
} from 'node:fs'
import { dirname, basename, join } from 'node:path'
import { pidExists } from '@subagent-mcp/driver-kit'
import { hasErrorCode, isMissingEntry, rethrowAsIoError } from './file-error.js'
import { hardLinkReason, resolveRealPath } from './read-text.js'

/** The new bytes of a file to replace, and the bytes that it must still have. Undefined stands for no file. */
export type FileReplacement = {
  path: string
  before: Uint8Array | undefined
  after: Uint8Array
  mode?: number
}

/**
 * Writes a temporary file and renames it, so that readers find the old or the new bytes and never a part. Links, mode and
 * owner stay. Missing folders are created for the user alone.
 * @throws SubagentError `io-failed`
 */
export function replaceFile({
  path,
  before,
  after,
  mode = 0o600,
}: FileReplacement): 'replaced' | 'changed-meanwhile' {
  return rethrowAsIoError(`write ${path}`, () => {
    const target = resolveRealPath(path)
    const folder = dirname(target)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    removeTemporaryFiles(target)
    const temporary = createTemporaryFileName(target)
    try {
      writeDurably(temporary, after, { mode, like: statsOf(target) })
      if (!fileHasBytes(target, before)) return 'changed-meanwhile'
      renameSync(temporary, target)
    } finally {
      rmSync(temporary, { force: true })
    }
    syncFolder(folder)
    return 'replaced'
  })
}

/** Whether a file still has these bytes; for undefined, whether it does not exist. */
export function fileHasBytes(path: string, bytes: Uint8Array | undefined): boolean {
  try {
    const now = readFileSync(path)
    return bytes !== undefined && now.equals(bytes)
  } catch (cause) {
    if (isMissingEntry(cause)) return bytes === undefined
    throw cause
  }
}

/** Writes the entries of a folder to the disk, so that they survive a power cut, where the file system supports it. */
export function syncFolder(path: string): void {
  // Windows cannot open folders and does not need this call.
  if (process.platform === 'win32') return
  try {
    const folder = openSync(path, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch (cause) {
    // The file is renamed already; some network drives and foreign file systems do not know this call.
    if (!unsynced.some((code) => hasErrorCode(cause, code))) throw cause
  }
}

const unsynced = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EPERM', 'EACCES']

function writeDurably(
  path: string,
  bytes: Uint8Array,
  { mode, like }: { mode: number; like: Stats | undefined },
) {
  const file = openSync(path, 'wx', 0o600)
  try {
    let written = 0
    while (written < bytes.length) written += writeSync(file, bytes, written)
    const own = fstatSync(file)
    if (like !== undefined && (like.uid !== own.uid || like.gid !== own.gid))
      fchownSync(file, like.uid, like.gid)
    fchmodSync(file, (like?.mode ?? mode) & 0o777)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The stats of a file to replace. Refuses a read-only file, and one with a hard link, because its other name would keep the old bytes. */
function statsOf(path: string): Stats | undefined {
  try {
    const stats = statSync(path)
    if (stats.nlink > 1) throw new Error(hardLinkReason)
    if ((stats.mode & 0o200) === 0) throw new Error('the file is read-only')
    return stats
  } catch (cause) {
    if (isMissingEntry(cause)) return undefined
    throw cause
  }
}

export function createTemporaryFileName(path: string): string {
  return `${path}.subagent-mcp-${process.pid}`
}

/** Removes the temporary files of processes that were killed while they wrote this file. */
export function removeTemporaryFiles(path: string): void {
  const start = `${basename(path)}.subagent-mcp-`
  for (const name of namesIn(dirname(path))) {
    if (!name.startsWith(start)) continue
    const pid = name.slice(start.length)
    if (/^\d+$/.test(pid) && !isOther(Number(pid))) rmSync(join(dirname(path), name), { force: true })
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (cause) {
    if (isMissingEntry(cause)) return []
    throw cause
  }
}

function isOther(pid: number): boolean {
  return pid !== process.pid && pidExists(pid)
}
