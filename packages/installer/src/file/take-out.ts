import { z } from 'zod'
import { removeBlock } from '../blocks/managed-block.js'
import { Edit, type Refused } from '../edit/edit.js'
import { editJson } from '../edit/edit-json.js'
import { editToml } from '../edit/edit-toml.js'
import { JsonRules } from '../edit/json-document.js'

/** How ours is taken out of a file that others have written to since. */
export const TakeOut = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('edits'),
    format: z.union([z.literal('toml'), JsonRules]),
    edits: z.array(Edit).readonly(),
  }),
  z.strictObject({ type: z.literal('block') }),
])
export type TakeOut = z.infer<typeof TakeOut>

/** The text without what is ours. */
export function takeOut(
  text: string,
  what: TakeOut,
): { type: 'edited'; text: string } | { type: 'unchanged' } | Refused {
  if (what.type === 'block') return removeBlock(text)
  return what.format === 'toml' ? editToml(text, what.edits) : editJson(text, what.edits, what.format)
}
