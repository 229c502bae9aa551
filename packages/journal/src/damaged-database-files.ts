import { constants, copyFileSync, existsSync, readdirSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The suffixes of the files of an SQLite database, with those of its write-ahead log. */
const suffixes = ['-wal', '-shm', '']

/** A new path beside a damaged database, with the time in its name and a number if needed. */
export function createDamagedFilePath(path: string, now: number): string {
  const name = `${path}.damaged-${new Date(now).toISOString().replaceAll(':', '-')}`
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name}-${number}`
    if (!suffixes.some((suffix) => existsSync(free + suffix))) return free
  }
}

/** The path of a repaired database, until it replaces the damaged one. */
export function getRepairedFilePath(away: string): string {
  return `${away}.mended`
}

/** The path for the damaged database of an interrupted repair. The repaired one exists, but is not in place yet. */
export function findInterruptedRepairPath(path: string): string | undefined {
  const [start, end] = [`${basename(path)}.damaged-`, getRepairedFilePath('')]
  const name = namesIn(dirname(path)).find((name) => name.startsWith(start) && name.endsWith(end))
  return name && join(dirname(path), name.slice(0, -end.length))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // The folder is missing or cannot be read; opening the database reports that.
  }
}

/** Renames a database, with the files beside it. Returns whether there were any. */
export function moveDatabaseAside(path: string, away: string): boolean {
  const there = suffixes.filter((suffix) => existsSync(path + suffix))
  for (const suffix of there) renameSync(path + suffix, away + suffix)
  return there.length > 0
}

/** Copies a database that stays in use. Leaves out `-shm`, which SQLite creates again. */
export function copyDatabaseAside(path: string, away: string): boolean {
  const there = ['-wal', ''].filter((suffix) => existsSync(path + suffix))
  for (const suffix of there) copyFileSync(path + suffix, away + suffix, constants.COPYFILE_FICLONE)
  return there.length > 0
}
