import { createHash } from 'node:crypto'
import { z } from 'zod'
import { TakeOut } from './take-out.js'

/** The change of one file and how to undo it. The caller keeps it as JSON. */
export const FileRecord = z.strictObject({
  path: z.string(),
  before: z.discriminatedUnion('type', [
    /** `folders` were created for the file, from the outside in. */
    z.strictObject({ type: z.literal('absent'), folders: z.array(z.string()).readonly() }),
    z.strictObject({ type: z.literal('text'), hash: z.string(), backup: z.string() }),
  ]),
  /** The hash of the written bytes. A file with this hash was not changed since. */
  after: z.string(),
  takeOut: TakeOut,
})
export type FileRecord = z.infer<typeof FileRecord>

/** The SHA-256 of bytes, in hexadecimal. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
