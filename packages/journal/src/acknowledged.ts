import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs'
import { parse as parsePath, join } from 'node:path'
import { checksumOf } from './checksum.js'

/**
 * The numbers of what was acknowledged, in a small file beside the database that outlives the loss of it: for each name
 * (an agent, a recipient of mail) the last number that was written for it. A number is noted once its transaction has been
 * committed, and before anybody hears of it. So after `kill -9` at any moment the database has at least what is noted here.
 */
export type Acknowledged = {
  note(written: readonly Noted[]): void
  /** Names that are forgotten on purpose; their numbers stay. To be called before they are gone. */
  forget(names: readonly string[]): void
  /** Writes the file again where it is gone. Returns what keeps it from being written, if anything does. */
  check(): string | undefined
  close(): void
}

/** `at` in Unix milliseconds. */
export type Noted = { name: string; seq: number; at: number }

/** What is noted in a file: the highest number, when it was written, and the last number of each name. */
export type Marked = { seq: number; at: number; names: readonly Noted[] }

/** Slots of a fixed size, chosen by the name: two names in one slot lose the older name, and never the number. */
const slotBytes = 64
const slots = 512
const nameAt = 24
const version = 1

/** The file beside a database in which the numbers of one kind are: `journal.mark` beside `journal.db`. */
export function markPath(database: string, kind: 'mark' | 'mail-mark'): string {
  const { dir, name } = parsePath(database)
  return join(dir, `${name}.${kind}`)
}

/** What was noted; nothing where there is no file. A slot that is damaged counts for nothing. */
export function readMarked(path: string): Marked {
  const bytes = bytesOf(path) ?? Buffer.alloc(0)
  const noted = Array.from({ length: slots }, (_, slot) => readSlot(bytes, slot)).filter(
    (one) => one !== undefined,
  )
  const last = noted.reduce((most, one) => (one.seq > most.seq ? one : most), { seq: 0, at: 0 })
  return { seq: last.seq, at: last.at, names: noted.filter(({ name }) => name !== '') }
}

/** Opens the file, which is made whole where there is none: a disk that fills up later does not keep it from being written. */
export function openAcknowledged(path: string): Acknowledged {
  const bytes = Buffer.alloc(slots * slotBytes)
  bytesOf(path)?.copy(bytes)
  let problem: string | undefined
  let file = openWhole(path, bytes)
  const write = (slot: number): void => {
    try {
      writeSync(file, bytes, slot * slotBytes, slotBytes, slot * slotBytes)
      problem = undefined
    } catch (cause) {
      // The transaction is on the disk: who wrote it must hear so.
      problem = `${path} cannot be written: ${String(cause)}`
    }
  }
  return {
    note: (written) => {
      for (const one of lastOfEach(written)) write(fillSlot(bytes, slotOf(one.name), one))
    },
    forget: (names) => {
      for (const name of names) {
        const noted = readSlot(bytes, slotOf(name))
        if (noted?.name === cut(name)) write(fillSlot(bytes, slotOf(name), { ...noted, name: '' }))
      }
    },
    check: () => {
      if (isAt(path, file)) return problem
      try {
        const again = openWhole(path, bytes)
        closeSync(file)
        file = again
        problem = undefined
      } catch (cause) {
        problem = `${path} is gone, and cannot be made again: ${String(cause)}`
      }
      return problem
    },
    close: () => {
      closeSync(file)
    },
  }
}

function openWhole(path: string, bytes: Buffer): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= bytes.length) return openSync(path, 'r+')
  const file = openSync(path, 'w+', 0o600)
  writeSync(file, bytes, 0, bytes.length, 0)
  fsyncSync(file)
  return file
}

/** Whether the path still leads to the file that is open. */
function isAt(path: string, file: number): boolean {
  const [there, open] = [statSync(path, { throwIfNoEntry: false }), fstatSync(file)]
  return there?.ino === open.ino && there.dev === open.dev
}

function bytesOf(path: string): Buffer | undefined {
  return existsSync(path) && statSync(path).isFile() ? readFileSync(path) : undefined
}

function lastOfEach(written: readonly Noted[]): Iterable<Noted> {
  return written.length === 1 ? written : new Map(written.map((one) => [one.name, one])).values()
}

function slotOf(name: string): number {
  return checksumOf(name) % slots
}

function cut(name: string): string {
  return Buffer.from(name)
    .subarray(0, slotBytes - nameAt)
    .toString()
}

/** Bytes 0 to 3 are the checksum of the others, 4 the version, 5 the length of the name, 8 the number, 16 the time. */
function fillSlot(bytes: Buffer, slot: number, { name, seq, at }: Noted): number {
  const start = slot * slotBytes
  const own = bytes.subarray(start, start + slotBytes)
  own.fill(0)
  own[4] = version
  own[5] = own.write(name, nameAt)
  own.writeDoubleLE(seq, 8)
  own.writeDoubleLE(at, 16)
  own.writeUInt32LE(checksumOf(own.subarray(4)), 0)
  return slot
}

function readSlot(bytes: Buffer, slot: number): Noted | undefined {
  const own = bytes.subarray(slot * slotBytes, (slot + 1) * slotBytes)
  if (own.length < slotBytes || own[4] !== version || own.readUInt32LE(0) !== checksumOf(own.subarray(4))) {
    return undefined
  }
  const name = own.subarray(nameAt, nameAt + (own[5] ?? 0)).toString()
  return { name, seq: own.readDoubleLE(8), at: own.readDoubleLE(16) }
}
