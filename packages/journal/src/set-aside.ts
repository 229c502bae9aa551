import { constants, copyFileSync, existsSync, renameSync } from 'node:fs'

/** What belongs to a database: what was written last lies in `-wal`. */
const suffixes = ['-wal', '-shm', '']

/**
 * A name beside a damaged database that nothing has: with the time, and with a number where that is taken. Unix
 * milliseconds.
 */
export function asideName(path: string, now: number): string {
  const name = `${path}.damaged-${new Date(now).toISOString().replaceAll(':', '-')}`
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name}-${number}`
    if (!suffixes.some((suffix) => existsSync(free + suffix))) return free
  }
}

/** Renames a database with the files beside it, so that they belong together as before; returns whether any was there. */
export function setAside(path: string, away: string): boolean {
  const there = suffixes.filter((suffix) => existsSync(path + suffix))
  for (const suffix of there) renameSync(path + suffix, away + suffix)
  return there.length > 0
}

/** The same by copies, where the database stays in use. Without `-shm`, which SQLite makes of the others. */
export function copyAside(path: string, away: string): boolean {
  const there = ['-wal', ''].filter((suffix) => existsSync(path + suffix))
  for (const suffix of there) copyFileSync(path + suffix, away + suffix, constants.COPYFILE_FICLONE)
  return there.length > 0
}
