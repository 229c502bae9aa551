import { z } from 'zod'
import { OurMark } from './our-items.js'
import { JsonValue } from './value.js'

const Path = z.array(z.string()).min(1).readonly()

/** The number of tables or lists around an entry that were created for it; they are removed with it once they are empty. */
const created = z.int().min(0).optional()
/** The white space in a list or table when it was empty, to be restored. */
const gap = z.string().optional()
/** The value that setup wrote. Another value in its place is the user's and stays. */
const wrote = JsonValue.optional()

/**
 * One edit of a document. Edits are data, because records keep those that undo a change:
 * - `set` writes the value at a path, with the tables above it. In an existing table it writes only the keys that differ.
 *   With `ours` it is refused where another value is there.
 * - `add-item` adds our item as the last one of a list, or replaces our existing one.
 * - `restore` and `restore-item` write the old value in place of ours, or where we removed it.
 * - `remove` and `remove-items` remove our value or our items; `remove` with `ours` no other value.
 */
export const DocumentEdit = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('set'), path: Path, value: JsonValue, ours: OurMark.optional() }),
  z.strictObject({ type: z.literal('restore'), path: Path, value: JsonValue, wrote }),
  z.strictObject({ type: z.literal('remove'), path: Path, created, gap, wrote, ours: OurMark.optional() }),
  z.strictObject({ type: z.literal('add-item'), path: Path, value: JsonValue, ours: OurMark }),
  z.strictObject({ type: z.literal('restore-item'), path: Path, value: JsonValue, ours: OurMark, wrote }),
  z.strictObject({ type: z.literal('remove-items'), path: Path, ours: OurMark, created, gap }),
])
export type DocumentEdit = z.infer<typeof DocumentEdit>

/** The tables and lists that were created around an entry, and are removed with it. */
export type CreatedParentTables = { created?: number | undefined; gap?: string | undefined }

/** The outcome of editing a text. `undo` has the edits that restore the old text, in order. */
export type EditOutcome =
  | { type: 'edited'; text: string; undo: readonly DocumentEdit[] }
  | { type: 'unchanged' }
  | EditRefusal

/** A refused edit of a document: the reason, with the line of the text that prevents the edit. */
export type EditRefusal = { type: 'refused'; why: string }

/** A refusal that names the line of an offset. */
export function refuseEditAt(text: string, offset: number, why: string): EditRefusal {
  return { type: 'refused', why: `line ${text.slice(0, offset).split('\n').length}: ${why}` }
}

/** Refuses a text with a carriage return without a line feed. */
export function refuseLoneCarriageReturn(text: string): EditRefusal | undefined {
  for (let at = text.indexOf('\r'); at !== -1; at = text.indexOf('\r', at + 1)) {
    if (text[at + 1] !== '\n') return refuseEditAt(text, at, 'a carriage return without a line feed')
  }
  return undefined
}

/** Runs a function that recurses for each level of a document; refuses a document that is too deep for the stack. */
export function refuseTooDeepDocument<T>(run: () => T): T | EditRefusal {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof RangeError) return { type: 'refused', why: 'it is nested too deep' }
    throw cause
  }
}

/** The edit that restores the old value at a path. A date of TOML, which is no `JsonValue`, is not restored; ours is only removed. */
export function createRestoreEdit(
  path: readonly string[],
  old: unknown,
  wrote: JsonValue | undefined,
): DocumentEdit[] {
  const value = JsonValue.safeParse(old)
  if (value.success) return [{ type: 'restore', path, value: value.data, wrote }]
  return wrote === undefined ? [] : [{ type: 'remove', path, wrote }]
}

type OurPlace = { path: readonly string[]; ours: OurMark }

export function createRestoreItemEdit(
  { path, ours }: OurPlace,
  old: unknown,
  wrote: JsonValue | undefined,
): DocumentEdit[] {
  const value = JsonValue.safeParse(old)
  if (value.success) return [{ type: 'restore-item', path, ours, value: value.data, wrote }]
  return wrote === undefined ? [] : [{ type: 'remove-items', path, ours }]
}

export function createRemoveItemsEdit({ path, ours }: OurPlace, made: CreatedParentTables): DocumentEdit[] {
  return [{ type: 'remove-items', path, ours, ...made }]
}
