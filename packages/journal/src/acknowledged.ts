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
import { checksumOf } from './checksum.js'

/**
 * The numbers of what was acknowledged, in a small file beside the database that outlives the loss of it: for each name
 * (an agent, a recipient of mail) the last number that was written for it. A number is noted once its transaction has been
 * committed, and before anybody hears of it. So after `kill -9` at any moment the database has at least what is noted here.
 */
export type Acknowledged = {
  note(written: readonly WrittenNumber[]): void
  /** Names that are forgotten on purpose; their numbers stay. To be called before they are gone. */
  forget(names: readonly string[]): void
  /** Writes the file again where it is gone, and what could not be written. To be called now and then. */
  check(): void
  close(): void
}

/** `at` in Unix milliseconds. */
export type WrittenNumber = { name: string; seq: number; at: number }

/** What is noted in a file: the highest number, when it was written, and the last number of each name. */
export type MarkFile = { seq: number; at: number; names: readonly WrittenNumber[] }

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
export function readMarked(path: string): MarkFile {
  const bytes = bytesOf(path) ?? Buffer.alloc(0)
  const noted = Array.from({ length: slots }, (_, slot) => readSlot(bytes, slot)).filter(
    (one) => one !== undefined,
  )
  const last = noted.reduce((most, one) => (one.seq > most.seq ? one : most), { seq: 0, at: 0 })
  return { seq: last.seq, at: last.at, names: noted.filter(({ name }) => name !== '') }
}

/**
 * Opens the file, which is made whole where there is none: a disk that fills up later does not keep it from being written.
 * What cannot be written is told, once until it can be, and is written later: whoever wrote the transaction goes on.
 */
export function openAcknowledged(
  path: string,
  onProblem: (problem: string) => void = () => undefined,
): Acknowledged {
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

/** The slots of a file, which are here while they cannot be written. What reads or writes the file throws where it cannot. */
function keepSlots(path: string) {
  const bytes = Buffer.alloc(slots * slotBytes)
  /** Slots that are not in the file as they are here. */
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
  const fill = (slot: number, noted: WrittenNumber): void => {
    fillSlot(bytes, slot, noted)
    unwritten.add(slot)
  }
  return {
    set: (one: WrittenNumber) => {
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
    /** Where the file is gone, another takes its place. */
    reopen: () => {
      if (file === undefined || !isAt(path, file)) open()
    },
    close,
  }
}

/** Several daemons may share a file: what another has written is taken over where its number is higher. */
function takeHigher(bytes: Buffer, slot: number, there: Buffer): void {
  const [noted, own] = [readSlot(there, 0), readSlot(bytes, slot)]
  if (noted !== undefined && noted.seq > (own?.seq ?? 0)) there.copy(bytes, slot * slotBytes)
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  readSync(file, bytes, 0, length, position)
  return bytes
}

/** Opens a file, with room for all slots on the disk. What is in it stays. */
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

/** Whether the path still leads to the file that is open. */
function isAt(path: string, file: number): boolean {
  const [there, open] = [statSync(path, { throwIfNoEntry: false }), fstatSync(file)]
  return there?.ino === open.ino && there.dev === open.dev
}

function bytesOf(path: string): Buffer | undefined {
  return existsSync(path) && statSync(path).isFile() ? readFileSync(path) : undefined
}

function lastOfEach(written: readonly WrittenNumber[]): Iterable<WrittenNumber> {
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
function fillSlot(bytes: Buffer, slot: number, { name, seq, at }: WrittenNumber): void {
  const start = slot * slotBytes
  const own = bytes.subarray(start, start + slotBytes)
  own.fill(0)
  own[4] = version
  own[5] = own.write(name, nameAt)
  own.writeDoubleLE(seq, 8)
  own.writeDoubleLE(at, 16)
  own.writeUInt32LE(checksumOf(own.subarray(4)), 0)
}

function readSlot(bytes: Buffer, slot: number): WrittenNumber | undefined {
  const own = bytes.subarray(slot * slotBytes, (slot + 1) * slotBytes)
  if (own.length < slotBytes || own[4] !== version || own.readUInt32LE(0) !== checksumOf(own.subarray(4))) {
    return undefined
  }
  const name = own.subarray(nameAt, nameAt + (own[5] ?? 0)).toString()
  return { name, seq: own.readDoubleLE(8), at: own.readDoubleLE(16) }
}
