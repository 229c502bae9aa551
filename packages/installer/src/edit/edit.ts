import { z } from 'zod'
import { Ours } from './ours.js'
import { Value } from './value.js'

const Path = z.array(z.string()).min(1).readonly()

/** How many of the tables or lists around an entry were made for it: they go with it once they are empty. */
const created = z.int().min(0).optional()
/** The white space that a list or table held when it was empty, which it gets back. */
const gap = z.string().optional()

/**
 * One wish about a document. It is data, since a record keeps the edits that take back what was done:
 * - `set`: the value at a path, with the tables above it; one that is there already is replaced.
 * - `add-item`: our item of a list, as its last one; ours that is there already is replaced in its place.
 */
export const Edit = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('set'), path: Path, value: Value }),
  z.strictObject({ type: z.literal('remove'), path: Path, created, gap }),
  z.strictObject({ type: z.literal('add-item'), path: Path, value: Value, ours: Ours }),
  z.strictObject({ type: z.literal('remove-items'), path: Path, ours: Ours, created, gap }),
])
export type Edit = z.infer<typeof Edit>

/** What was made for an entry and goes with it. */
export type Made = { created?: number | undefined; gap?: string | undefined }

/** What became of a text; `undo` are the edits that give the old text back, in their order. */
export type Edited = { type: 'edited'; text: string; undo: readonly Edit[] } | { type: 'unchanged' } | Refused

/** Why nothing was done, with the line of the text that is in the way. */
export type Refused = { type: 'refused'; why: string }

/** A refusal that names the line of an offset. */
export function refuseAt(text: string, offset: number, why: string): Refused {
  return { type: 'refused', why: `line ${text.slice(0, offset).split('\n').length}: ${why}` }
}

/** The edit that gives a path its old value back; a date of TOML, which is no `Value`, is only taken out again. */
export function restoring(path: readonly string[], old: unknown): Edit {
  const value = Value.safeParse(old)
  return value.success ? { type: 'set', path, value: value.data } : { type: 'remove', path }
}

/** The same for our item of a list. */
export function restoringItem({ path, ours }: { path: readonly string[]; ours: Ours }, old: unknown): Edit {
  const value = Value.safeParse(old)
  return value.success
    ? { type: 'add-item', path, ours, value: value.data }
    : { type: 'remove-items', path, ours }
}

/** The edit that takes our item out again. */
export function takingOut({ path, ours }: { path: readonly string[]; ours: Ours }, made: Made): Edit {
  return { type: 'remove-items', path, ours, ...made }
}
