import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { parse as parsePath, join } from 'node:path'
import { computeRowChecksum } from './row-checksum.js'

/**
 * A small file beside the database with the last number written for each name (an agent, or a recipient of mail). It
 * survives the loss of the database, so that a loss is noticed. A number is noted after its transaction was committed
 * and before the caller learns of it, so after a crash at any moment the database has at least the noted numbers.
 */
export type CommitMarks = {
  note(written: readonly LastWrittenNumber[]): void
  /** Removes the names of deleted agents from the mark file, but not their numbers. Call it before the deletion. */
  forget(names: readonly string[]): void
  /** Creates a deleted mark file again, and retries failed writes. The owner calls it regularly. */
  check(): void
  close(): void
}

/** The number of the last row that was written for a name; `at` is Unix milliseconds. */
export type LastWrittenNumber = { name: string; seq: number; at: number }

/** A mark file, which notes how far a database was written: the highest row number with its time, and the last for each name. */
export type CommitMarkFile = { seq: number; at: number; names: readonly LastWrittenNumber[] }

/** Bytes of a slot. Names are hashed to slots: of two in one slot the older name is lost, but not the number. */
const slotBytes = 64
const slots = 512
const nameAt = 24
const version = 1

/** The path of the mark file beside a database: `journal.mark` beside `journal.db`. */
export function getCommitMarkFilePath(database: string, kind: 'mark' | 'mail-mark'): string {
  const { dir, name } = parsePath(database)
  return join(dir, `${name}.${kind}`)
}

/** Reads a journal's mark file. Damaged slots are skipped, and a missing file has none. */
export function readCommitMarkFile(path: string): CommitMarkFile {
  const bytes = bytesOf(path) ?? Buffer.alloc(0)
  const noted = Array.from({ length: slots }, (_, slot) => readSlot(bytes, slot)).filter(
    (one) => one !== undefined,
  )
  const last = noted.reduce((most, one) => (one.seq > most.seq ? one : most), { seq: 0, at: 0 })
  return { seq: last.seq, at: last.at, names: noted.filter(({ name }) => name !== '') }
}

/**
 * Opens a mark file, or creates it in its full size, so that a full disk does not prevent later writes. A write error
 * is reported once until writing succeeds, and is retried later; it does not stop the caller.
 */
export function openCommitMarks(
  path: string,
  onProblem: (problem: string) => void = () => undefined,
): CommitMarks {
  const kept = keepSlots(path)
  let isFailing = false
  const attempt = (act: () => void): void => {
    try {
      act()
      kept.write()
      isFailing = false
    } catch (cause) {
      if (!isFailing) onProblem(`${path} cannot be written: ${String(cause)}`)
      isFailing = true
    }
  }
  attempt(() => undefined)
  return {
    note: (written) => {
      for (const one of lastOfEach(written)) kept.set(one)
      attempt(() => undefined)
    },
    forget: (names) => {
      attempt(() => {
        names.forEach(kept.clear)
      })
    },
    check: () => {
      attempt(kept.reopen)
    },
    close: kept.close,
  }
}

/** Keeps the slots of a mark file in memory, and notes which are not written yet. Reads and writes may throw. */
function keepSlots(path: string) {
  const bytes = Buffer.alloc(slots * slotBytes)
  /** The numbers of slots that differ from the file. */
  const unwritten = new Set<number>()
  let file: number | undefined
  const open = (): number => {
    const opened = openWhole(path)
    close()
    const there = readAt(opened, 0, bytes.length)
    for (let slot = 0; slot < slots; slot += 1) {
      takeHigher(bytes, slot, there.subarray(slot * slotBytes, (slot + 1) * slotBytes))
      if (readSlot(bytes, slot)?.seq !== readSlot(there, slot)?.seq) unwritten.add(slot)
    }
    file = opened
    return opened
  }
  const close = (): void => {
    if (file !== undefined) closeSync(file)
    file = undefined
  }
  const fill = (slot: number, noted: LastWrittenNumber): void => {
    fillSlot(bytes, slot, noted)
    unwritten.add(slot)
  }
  return {
    set: (one: LastWrittenNumber) => {
      const slot = slotOf(one.name)
      if ((readSlot(bytes, slot)?.seq ?? 0) <= one.seq) fill(slot, one)
    },
    clear: (name: string) => {
      const slot = slotOf(name)
      takeHigher(bytes, slot, readAt(file ?? open(), slot * slotBytes, slotBytes))
      const noted = readSlot(bytes, slot)
      if (noted?.name === cut(name)) fill(slot, { ...noted, name: '' })
    },
    write: () => {
      const to = file ?? open()
      for (const slot of unwritten) {
        takeHigher(bytes, slot, readAt(to, slot * slotBytes, slotBytes))
        writeSync(to, bytes, slot * slotBytes, slotBytes, slot * slotBytes)
        unwritten.delete(slot)
      }
    },
    /** Creates the mark file again where it was deleted. */
    reopen: () => {
      if (file === undefined || !isAt(path, file)) open()
    },
    close,
  }
}

/** Takes a slot from the mark file if its number is higher, because several daemons may share that file. */
function takeHigher(bytes: Buffer, slot: number, there: Buffer): void {
  const [noted, own] = [readSlot(there, 0), readSlot(bytes, slot)]
  if (noted !== undefined && noted.seq > (own?.seq ?? 0)) there.copy(bytes, slot * slotBytes)
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  readSync(file, bytes, 0, length, position)
  return bytes
}

/** Opens the mark file and extends it to its full size. Keeps its content. */
function openWhole(path: string): number {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  try {
    const { size } = fstatSync(file)
    const missing = Buffer.alloc(Math.max(0, slots * slotBytes - size))
    if (missing.length > 0) {
      writeSync(file, missing, 0, missing.length, size)
      fsyncSync(file)
    }
    return file
  } catch (cause) {
    closeSync(file)
    throw cause
  }
}

/** Whether the path still leads to the open mark file. */
function isAt(path: string, file: number): boolean {
  const [there, open] = [statSync(path, { throwIfNoEntry: false }), fstatSync(file)]
  return there?.ino === open.ino && there.dev === open.dev
}

function bytesOf(path: string): Buffer | undefined {
  return existsSync(path) && statSync(path).isFile() ? readFileSync(path) : undefined
}

function lastOfEach(written: readonly LastWrittenNumber[]): Iterable<LastWrittenNumber> {
  return written.length === 1 ? written : new Map(written.map((one) => [one.name, one])).values()
}

function slotOf(name: string): number {
  return computeRowChecksum(name) % slots
}

function cut(name: string): string {
  return Buffer.from(name)
    .subarray(0, slotBytes - nameAt)
    .toString()
}

/** Fills a slot of a mark file: bytes 0-3 checksum, 4 version, 5 length of name, 8-15 number, 16-23 time, then name. */
function fillSlot(bytes: Buffer, slot: number, { name, seq, at }: LastWrittenNumber): void {
  const start = slot * slotBytes
  const own = bytes.subarray(start, start + slotBytes)
  own.fill(0)
  own[4] = version
  own[5] = own.write(name, nameAt)
  own.writeDoubleLE(seq, 8)
  own.writeDoubleLE(at, 16)
  own.writeUInt32LE(computeRowChecksum(own.subarray(4)), 0)
}

function readSlot(bytes: Buffer, slot: number): LastWrittenNumber | undefined {
  const own = bytes.subarray(slot * slotBytes, (slot + 1) * slotBytes)
  if (
    own.length < slotBytes ||
    own[4] !== version ||
    own.readUInt32LE(0) !== computeRowChecksum(own.subarray(4))
  ) {
    return undefined
  }
  const name = own.subarray(nameAt, nameAt + (own[5] ?? 0)).toString()
  return { name, seq: own.readDoubleLE(8), at: own.readDoubleLE(16) }
}
