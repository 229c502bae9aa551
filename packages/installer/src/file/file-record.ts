import { createHash } from 'node:crypto'
import { z } from 'zod'
import { TakeOut } from './take-out.js'

/** What was done to one file and how to undo it; kept by the caller, as JSON. */
export const FileRecord = z.strictObject({
  path: z.string(),
  before: z.discriminatedUnion('type', [
    /** `folders` were made for the file, the outer ones first. */
    z.strictObject({ type: z.literal('absent'), folders: z.array(z.string()).readonly() }),
    z.strictObject({ type: z.literal('text'), hash: z.string(), backup: z.string() }),
  ]),
  /** The hash of what was written: with it nobody has touched the file since. */
  after: z.string(),
  takeOut: TakeOut,
})
export type FileRecord = z.infer<typeof FileRecord>

/** What tells bytes from others. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
