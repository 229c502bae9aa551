import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SubagentError, type Clock } from '@subagent-mcp/contract'
import { openMemoryStore, openStore, type Store } from '@subagent-mcp/journal'
import { lockFolder, type FolderLock } from './folder-lock.js'

/** Where one copy is: in a file, `found` or `new`, or in memory. */
export type CopyPlace = {
  kind: 'found' | 'new' | 'memory'
  store: Store
  /** Deletes the file, once its store is closed. */
  remove(): void
}

/**
 * The places of a machine's copies, one after the other. A file is named by the time at which it was made, so that one can
 * be made while the one before answers, and of several the last is the one to go on with. No name comes twice: a database
 * that was closed may still be let go of later, and then takes what is beside its name with it.
 */
export type CopyPlaces = {
  /** First the file that is there, then a new one each time; memory where there is no folder, or no file can be had. */
  next(): CopyPlace
  /** In memory from now on. */
  giveUp(why: string): void
  /** Lets go of the folder, once all stores are closed. */
  close(): void
}

export type CopyPlacesOrder = {
  /** Made when it is not there; without one the copies are in memory. */
  folder?: string
  clock: Clock
  log(line: string): void
}

export function createCopyPlaces({ folder, clock, log }: CopyPlacesOrder): CopyPlaces {
  let from: 'found' | 'new' | 'memory' = folder === undefined ? 'memory' : 'found'
  let lock: FolderLock | undefined
  const giveUp = (why: string): void => {
    if (from !== 'memory')
      log(`this machine’s copy of the mailbox is in memory until it is opened again: ${why}`)
    from = 'memory'
  }
  const tryFile = (inFolder: string): CopyPlace | undefined => {
    lock ??= lockFolder(inFolder)
    if (lock === undefined) {
      giveUp(`another process has ${inFolder}`)
      return undefined
    }
    const { kind, path, others } = choose(inFolder, { from, now: clock.now() })
    from = 'new'
    const store = kind === 'new' ? openStore(path) : openFound(path, log)
    for (const other of others) removeFile(other)
    return store && { kind, store, remove: () => removeFile(path) }
  }
  const next = (): CopyPlace => {
    if (folder === undefined || from === 'memory') return inMemory()
    try {
      return tryFile(folder) ?? next()
    } catch (cause) {
      if (!(cause instanceof SubagentError)) throw cause
      giveUp(cause.message)
      return inMemory()
    }
  }
  const close = (): void => {
    lock?.release()
    lock = undefined
  }
  return { next, giveUp, close }
}

function inMemory(): CopyPlace {
  return { kind: 'memory', store: openMemoryStore(), remove: () => undefined }
}

type Choice = { kind: 'found' | 'new'; path: string; others: string[] }

/** What is beside the newest when that is found is of a process that ended while it made it. */
function choose(folder: string, { from, now }: { from: string; now: number }): Choice {
  const numbers = numbersIn(folder)
  const last = numbers.at(-1) ?? 0
  const pathOf = (number: number): string => join(folder, `${number}.db`)
  return from === 'found' && existsSync(pathOf(last))
    ? { kind: 'found', path: pathOf(last), others: numbers.slice(0, -1).map(pathOf) }
    : { kind: 'new', path: pathOf(Math.max(last + 1, now)), others: [] }
}

/** Also of files of which only what was beside them is left. The folder is there: it is locked. */
function numbersIn(folder: string): number[] {
  const numbers = readdirSync(folder).flatMap((name) => /^(\d{1,15})\.db/.exec(name)?.[1] ?? [])
  return [...new Set(numbers.map(Number))].toSorted((one, other) => one - other)
}

/** Undefined for one that cannot be opened, which is no more than the time to make it anew. */
function openFound(path: string, log: CopyPlacesOrder['log']): Store | undefined {
  try {
    return openStore(path)
  } catch (cause) {
    if (!(cause instanceof SubagentError)) throw cause
    log(`this machine’s copy of the mailbox is made anew from the log: ${cause.message}`)
    removeFile(path)
    return undefined
  }
}

/** The file first: without what is beside it, it may be half of one. */
function removeFile(path: string): void {
  try {
    for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${ending}`, { force: true })
  } catch {
    // It stays, and takes room on a disk: the next one has another number.
  }
}
