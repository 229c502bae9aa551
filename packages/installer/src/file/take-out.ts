import { z } from 'zod'
import { removeBlock, restoreBlock } from '../blocks/managed-block.js'
import { Edit, type Refusal } from '../edit/edit.js'
import { editText } from '../edit/open-text.js'
import { JsonRules } from '../edit/json/json-document.js'

/** How our part is removed from a file that others have changed, too. */
export const TakeOut = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('edits'),
    format: z.union([z.literal('toml'), JsonRules]),
    edits: z.array(Edit).readonly(),
  }),
  /** `before` is the block that ours replaced; it is restored. */
  z.strictObject({ type: z.literal('block'), before: z.string().optional() }),
])
export type TakeOut = z.infer<typeof TakeOut>

/** Removes our part from a text. */
export function takeOut(
  text: string,
  what: TakeOut,
): { type: 'edited'; text: string } | { type: 'unchanged' } | Refusal {
  if (what.type === 'block')
    return what.before === undefined ? removeBlock(text) : restoreBlock(text, what.before)
  return editText(text, what.edits, what.format)
}
