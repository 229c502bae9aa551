import { randomFillSync } from 'node:crypto'

/**
 * Returns the id of a new message or take: its time in milliseconds and 40 random bits, in the digits 0 to v. Ids that are made one
 * after another are neighbours, so the database changes a few pages for many messages, where random ids change some for each.
 */
export function createMailId(at: number): string {
  return at.toString(32).padStart(9, '0') + random40Bits().toString(32).padStart(8, '0')
}

/** Random bytes for many ids, because one call of the system for each id would take a twentieth of the time of a send. */
const bytes = Buffer.alloc(5 * 512)
let used = bytes.length

function random40Bits(): number {
  if (used === bytes.length) {
    randomFillSync(bytes)
    used = 0
  }
  used += 5
  return bytes.readUIntBE(used - 5, 5)
}
