import { z } from 'zod'
import { Ours } from './ours.js'
import { Value } from './value.js'

const Path = z.array(z.string()).min(1).readonly()

/** How many of the tables or lists around an entry were made for it: they go with it once they are empty. */
const created = z.int().min(0).optional()
/** The white space that a list or table held when it was empty, which it gets back. */
const gap = z.string().optional()
/** What we had put there: what others have put in its place since is theirs, and is left alone. */
const wrote = Value.optional()

/**
 * One wish about a document. It is data, since a record keeps the edits that take back what was done:
 * - `set`: the value at a path, with the tables above it; in a table that is there already only what differs, all else
 *   in it stays.
 * - `add-item`: our item of a list, as its last one; ours that is there already is replaced in its place.
 * - `restore`, `restore-item`: the value that was there, in the place of what we wrote, or where we left nothing.
 */
export const Edit = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('set'), path: Path, value: Value }),
  z.strictObject({ type: z.literal('restore'), path: Path, value: Value, wrote }),
  z.strictObject({ type: z.literal('remove'), path: Path, created, gap, wrote }),
  z.strictObject({ type: z.literal('add-item'), path: Path, value: Value, ours: Ours }),
  z.strictObject({ type: z.literal('restore-item'), path: Path, value: Value, ours: Ours, wrote }),
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

/** Runs what calls itself for each level of a document: the stack has an end, and so has what can be edited. */
export function unlessTooDeep<T>(run: () => T): T | Refused {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof RangeError) return { type: 'refused', why: 'it is nested too deep' }
    throw cause
  }
}

/** What gives a path its old value back; a date of TOML, which is no `Value`, cannot be: ours is only taken out. */
export function restoring(path: readonly string[], old: unknown, wrote: Value | undefined): Edit[] {
  const value = Value.safeParse(old)
  if (value.success) return [{ type: 'restore', path, value: value.data, wrote }]
  return wrote === undefined ? [] : [{ type: 'remove', path, wrote }]
}

type OurPlace = { path: readonly string[]; ours: Ours }

/** The same for our item of a list. */
export function restoringItem({ path, ours }: OurPlace, old: unknown, wrote: Value | undefined): Edit[] {
  const value = Value.safeParse(old)
  if (value.success) return [{ type: 'restore-item', path, ours, value: value.data, wrote }]
  return wrote === undefined ? [] : [{ type: 'remove-items', path, ours }]
}

/** What takes our item out again. */
export function takingOut({ path, ours }: OurPlace, made: Made): Edit[] {
  return [{ type: 'remove-items', path, ours, ...made }]
}
