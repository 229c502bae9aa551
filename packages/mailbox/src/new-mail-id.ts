import { randomBytes } from 'node:crypto'

/**
 * Returns the id of a new message or take: its time in milliseconds and 40 random bits, in the digits 0 to v. Ids that are made one
 * after another are neighbours, so the database changes a few pages for many messages, where random ids change some for each.
 */
export function newMailId(at: number): string {
  const random = randomBytes(5).readUIntBE(0, 5)
  return at.toString(32).padStart(9, '0') + random.toString(32).padStart(8, '0')
}
