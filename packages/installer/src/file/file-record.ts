import { createHash } from 'node:crypto'
import { z } from 'zod'
import { removeManagedBlock, restoreManagedBlock } from '../blocks/managed-block.js'
import { DocumentEdit, type EditRefusal } from '../edit/edit.js'
import { editOpenDocumentText } from '../edit/open-document-text.js'
import { JsonRules } from '../edit/json/json-document.js'

export const OurPartRemoval = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('edits'),
    format: z.union([z.literal('toml'), JsonRules]),
    edits: z.array(DocumentEdit).readonly(),
  }),
  /** `before` is the block that ours replaced; it is restored. */
  z.strictObject({ type: z.literal('block'), before: z.string().optional() }),
])
export type OurPartRemoval = z.infer<typeof OurPartRemoval>

export function removeOurPart(
  text: string,
  what: OurPartRemoval,
): { type: 'edited'; text: string } | { type: 'unchanged' } | EditRefusal {
  if (what.type === 'block')
    return what.before === undefined ? removeManagedBlock(text) : restoreManagedBlock(text, what.before)
  return editOpenDocumentText(text, what.edits, what.format)
}

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
  takeOut: OurPartRemoval,
})
export type FileRecord = z.infer<typeof FileRecord>

/** The SHA-256 of bytes, in hexadecimal. */
export function computeSha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
