import { rmSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { parse as parsePath, join } from 'node:path'
import { z } from 'zod'

/**
 * A note beside a database: which state of the file was checked as a whole and found sound. As long as the file is the one that this
 * program left, an opening need not read all of it, which takes a second for 100 MB. The rows have checksums, which are compared when
 * the rows are read. A note that cannot be read or written only costs time.
 */
type SoundFile = z.infer<typeof SoundFile>
const SoundFile = z.object({
  /** Unix milliseconds of the last check of the whole file. */
  checkedAt: z.number(),
  /** Inode, size and time of the last change of the file. */
  file: z.string(),
})

/** The longest time between two checks of the whole file, in milliseconds. */
const week = 7 * 24 * 60 * 60 * 1000

/** Whether the file is as this program left it after a check of less than a week ago. */
export function isKnownSound(database: string, now: number): boolean {
  const noted = readNote(database)
  if (noted === undefined || noted.file !== identityOf(database)) return false
  return noted.checkedAt <= now && now < noted.checkedAt + week
}

/** Checks a whole file with `check`, and notes that it was sound if `check` returns true and the file has not changed meanwhile. */
export function noteIfSound(database: string, now: number, check: () => boolean): void {
  const file = identityOf(database)
  if (check() && file !== undefined && file === identityOf(database))
    writeNote(database, { checkedAt: now, file })
}

/** Notes the present state of a file that was found sound and that this program has changed since. */
export function noteOwnChange(database: string): void {
  const noted = readNote(database)
  const file = identityOf(database)
  if (noted !== undefined && file !== undefined && file !== noted.file)
    writeNote(database, { ...noted, file })
}

/** Deletes the note, because damage was found: the next opening checks the whole file. */
export function forgetSoundFile(database: string): void {
  attempt(() => {
    rmSync(notePath(database), { force: true })
  })
}

function notePath(database: string): string {
  const { dir, name } = parsePath(database)
  return join(dir, `${name}.sound`)
}

function readNote(database: string): SoundFile | undefined {
  return attempt(() => SoundFile.parse(JSON.parse(readFileSync(notePath(database), 'utf8'))))
}

function writeNote(database: string, note: SoundFile): void {
  attempt(() => {
    writeFileSync(notePath(database), JSON.stringify(note), { mode: 0o600 })
  })
}

function identityOf(database: string): string | undefined {
  const stats = attempt(() => statSync(database, { bigint: true, throwIfNoEntry: false }))
  return stats && [stats.dev, stats.ino, stats.size, stats.mtimeNs].join(' ')
}

/** Returns `undefined` where `act` throws: the note is missing or torn, or the disk is full. */
function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
