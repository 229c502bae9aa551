import { isMissingFileError, SubagentError } from '@subagent-mcp/contract'
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { readFileStats } from '../disk/file-stats.js'
import { replaceJsonFile } from '../disk/worktree-record.js'
import { findObstacleAbove } from './place-conflicts.js'

/** Identifies a version of a file by its inode, size and time of change. Undefined stands for a missing file. */
const FileStamp = z.strictObject({ inode: z.string(), size: z.string(), changed: z.string() })
export type FileStamp = z.infer<typeof FileStamp>

/** The journal of files that are being replaced, by which a killed process is undone. */
const SwapJournal = z.strictObject({
  /** The root of the user's checkout. */
  root: z.string(),
  /** The folder in the root with the new files (`new`) and the replaced ones (`old`). */
  staging: z.string(),
  /** The commit that becomes the base once all files are replaced. */
  next: z.string(),
  files: z.array(
    z.strictObject({ path: z.string(), before: FileStamp.exactOptional(), after: FileStamp.exactOptional() }),
  ),
})
export type FileSwapJournal = z.infer<typeof SwapJournal>

export function readFileStamp(path: string): FileStamp | undefined {
  const stats = readFileStats(path)
  if (stats === undefined || stats.isDirectory()) return undefined
  return { inode: String(stats.ino), size: String(stats.size), changed: String(stats.mtimeNs) }
}

function isSame(one: FileStamp | undefined, other: FileStamp | undefined): boolean {
  return one?.inode === other?.inode && one?.size === other?.size && one?.changed === other?.changed
}

/** Files to replace: new ones stand in `staging/new`; `before` is the stamp with which each was compared. */
export type FileSwap = {
  /** The path of the journal. */
  journal: string
  root: string
  staging: string
  next: string
  files: readonly { path: string; before: FileStamp | undefined; isDeleted: boolean }[]
}

/**
 * Replaces, adds and deletes files: all of them, or none. Each is compared before and after it is replaced. After `commit`, which
 * must be one atomic step, the new files stay; before it, `undoFileSwap` takes all back, also in another process.
 * @throws SubagentError `io-failed` when a file was changed meanwhile or cannot be replaced; then none is replaced
 */
export async function swapFiles(
  { journal, root, staging, next, files }: FileSwap,
  commit: () => void,
): Promise<void> {
  const made: SwapFile[] = []
  for (const { path, before, isDeleted } of files) {
    if (!isDeleted) await prepare(join(staging, 'new', path), before && join(root, path))
    const after = isDeleted ? undefined : readFileStamp(join(staging, 'new', path))
    made.push({ path, ...(before && { before }), ...(after && { after }) })
  }
  const written: FileSwapJournal = { root, staging, next, files: made }
  replaceJsonFile(journal, written)
  try {
    // Deleted files first, because a folder may stand where a file was, and the reverse.
    for (const file of made) if (file.after === undefined) removeOne(written, file)
    for (const file of made) if (file.after !== undefined) putOne(written, file)
    for (const { path, before } of made)
      if (before !== undefined && !isSameContent(readFileStamp(join(staging, 'old', path)), before))
        throw changed(path)
    commit()
  } catch (error) {
    undoFileSwap(journal)
    throw error
  }
  cleanUpSwap(journal, staging)
}

type SwapFile = FileSwapJournal['files'][number]

/** Gives a new file the permissions of the one that it replaces, but for the right to run it, and writes it to the disk. */
async function prepare(path: string, replaced: string | undefined): Promise<void> {
  const stats = lstatSync(path)
  if (!stats.isFile()) return
  const old = replaced === undefined ? undefined : readFileStats(replaced)
  const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW)
  try {
    if (old?.isFile() === true) {
      const readable = Number(old.mode) & 0o666
      await file.chmod((stats.mode & 0o100) === 0 ? readable : readable | ((readable & 0o444) >> 2))
    }
    await file.sync()
  } finally {
    await file.close()
  }
}

function removeOne({ root, staging }: FileSwapJournal, { path, before }: SwapFile): void {
  const [target, old] = [join(root, path), join(staging, 'old', path)]
  mkdirSync(dirname(old), { recursive: true })
  if (!isSame(readFileStamp(target), before)) throw changed(path)
  renameSync(target, old)
  removeEmptyFolders(root, dirname(target))
}

function putOne({ root, staging }: FileSwapJournal, { path, before }: SwapFile): void {
  const [target, old] = [join(root, path), join(staging, 'old', path)]
  // A link in place of a folder would lead the file out of the checkout. It may have come after the comparison.
  if (findObstacleAbove(root, path) !== undefined) throw changed(path)
  mkdirSync(dirname(target), { recursive: true })
  if (before !== undefined) {
    mkdirSync(dirname(old), { recursive: true })
    keepOld(target, old)
  }
  if (!isSame(readFileStamp(target), before)) throw changed(path)
  if (before === undefined && existsSync(target)) rmdirSync(target)
  renameSync(join(staging, 'new', path), target)
}

/** Gives a file a second name, so that it is never missing. Some file systems have no second names; there it is copied. */
function keepOld(target: string, old: string): void {
  const stats = lstatSync(target)
  if (stats.isSymbolicLink()) {
    symlinkSync(readlinkSync(target), old)
    return
  }
  try {
    linkSync(target, old)
  } catch (error) {
    if (isMissingFileError(error)) throw error
    copyFileSync(target, old)
    utimesSync(old, stats.atime, stats.mtime)
  }
}

/** Whether a kept file still has the size and time with which it was compared. A copy has no times of its own in nanoseconds. */
function isSameContent(kept: FileStamp | undefined, before: FileStamp): boolean {
  return kept !== undefined && (kept.inode !== before.inode || isSame(kept, before))
}

function changed(path: string): SubagentError {
  return new SubagentError('io-failed', `${path} was changed while the changes were applied, so none was`, {
    hint: 'apply them again',
  })
}

/** Removes a folder and those above it while they are empty, up to the root. */
function removeEmptyFolders(root: string, folder: string): void {
  for (let at = folder; at !== root && existsSync(at) && readdirSync(at).length === 0; at = dirname(at))
    rmdirSync(at)
}

/** Reads a journal. Undefined when no swap is under way. @throws SubagentError `config-unreadable` */
export function readFileSwapJournal(journal: string): FileSwapJournal | undefined {
  if (!existsSync(journal)) return undefined
  try {
    return SwapJournal.parse(JSON.parse(readFileSync(journal, 'utf8')))
  } catch (cause) {
    throw new SubagentError('config-unreadable', `${journal} is not a valid journal of an apply`, {
      hint: 'the replaced files are in a folder .subagent-mcp-apply-… of your checkout; restore them, then delete the journal',
      cause,
    })
  }
}

/**
 * Takes back a swap that was not finished. Files that were changed after the swap stay as they are.
 * @returns the paths of these
 */
export function undoFileSwap(journal: string): readonly string[] {
  const swap = readFileSwapJournal(journal)
  if (swap === undefined) return []
  const kept: string[] = []
  for (const file of swap.files.filter(({ after }) => after !== undefined))
    if (!takeBack(swap, file)) kept.push(file.path)
  for (const file of swap.files.filter(({ after }) => after === undefined))
    if (!takeBack(swap, file)) kept.push(file.path)
  cleanUpSwap(journal, swap.staging)
  return kept
}

/** Restores one file. False if it was changed after it was replaced. */
function takeBack({ root, staging }: FileSwapJournal, { path, before, after }: SwapFile): boolean {
  const [target, old] = [join(root, path), join(staging, 'old', path)]
  if (findObstacleAbove(root, path) !== undefined) return false
  const now = readFileStamp(target)
  if (before !== undefined) {
    // Without a kept file it was not touched yet; with the old stamp it is in its place still.
    if (readFileStats(old) === undefined || isSame(now, before)) return true
    if (now !== undefined && !isSame(now, after)) return false
    mkdirSync(dirname(target), { recursive: true })
    renameSync(old, target)
    return true
  }
  if (now === undefined || readFileStats(join(staging, 'new', path)) !== undefined) {
    removeEmptyFolders(root, nearestFolder(dirname(target)))
    return true
  }
  if (!isSame(now, after)) return false
  rmSync(target)
  removeEmptyFolders(root, dirname(target))
  return true
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path))
}

/**
 * Removes the folder and the journal of a finished or undone swap. The journal goes last, because it names the folder.
 */
export function cleanUpSwap(journal: string, staging: string): void {
  rmSync(staging, { recursive: true, force: true })
  rmSync(journal, { force: true })
}
