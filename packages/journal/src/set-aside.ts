import { constants, copyFileSync, existsSync, readdirSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

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

/** Where the file is that is to take the place of a database, from when it is whole until it does. */
export function mendedPath(away: string): string {
  return `${away}.mended`
}

/** The name under which a damaged database is, or is to be, set aside, where the file for its place is still waiting. */
export function findHalfMended(path: string): string | undefined {
  const [start, end] = [`${basename(path)}.damaged-`, mendedPath('')]
  const name = namesIn(dirname(path)).find((name) => name.startsWith(start) && name.endsWith(end))
  return name && join(dirname(path), name.slice(0, -end.length))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // It is not there yet, or cannot be used: whoever opens the database says so.
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
