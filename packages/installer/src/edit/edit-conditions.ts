import type { DocumentEdit, EditRefusal } from './edit.js'
import { isOurItem } from './our-items.js'
import { isDataTable, isSameData, getValueAt, type JsonValue } from './value.js'

/** Whether an edit applies to the data of a document. An edit that undoes applies only where the data is still what we wrote. */
export function doesEditApply(data: unknown, edit: DocumentEdit): boolean {
  const now = getValueAt(data, edit.path)
  if (edit.type === 'restore') return isSameData(now, edit.wrote)
  if (edit.type === 'remove') {
    const isMarked = edit.ours === undefined || isOurItem(now, edit.ours)
    return now !== undefined && isMarked && isStillOurs(now, edit.wrote)
  }
  if (edit.type !== 'restore-item') return true
  const { ours, wrote } = edit
  const mine = (Array.isArray(now) ? now : []).filter((item) => isOurItem(item, ours))
  return wrote === undefined ? mine.length === 0 : mine.some((item) => isSameData(item, wrote))
}

/** Refuses an edit in whose place there is a value of the user, which only our own may replace. */
export function refuseForeignValue(data: unknown, edit: DocumentEdit): EditRefusal | undefined {
  if (edit.type !== 'set' || edit.ours === undefined) return undefined
  const now = getValueAt(data, edit.path)
  if (now === undefined || isOurItem(now, edit.ours)) return undefined
  return { type: 'refused', why: `${edit.path.join('.')} has a value that is not ours, which stays` }
}

/**
 * Whether a value in a document is the one that setup wrote. A table of setup stays ours, even when others have changed
 * it.
 */
function isStillOurs(now: unknown, wrote: JsonValue | undefined): boolean {
  return wrote === undefined || isSameData(now, wrote) || (isDataTable(now) && isDataTable(wrote))
}

export type SetValueRequest = { path: readonly string[]; value: JsonValue }

/** The next value that a `set` has to write. In existing tables it writes key by key. */
export function findNextValueToSet(
  data: unknown,
  { path, value }: SetValueRequest,
): SetValueRequest | undefined {
  const now = getValueAt(data, path)
  if (now !== undefined && isSameData(now, value)) return undefined
  if (!isDataTable(now) || !isDataTable(value)) return { path, value }
  for (const [key, member] of Object.entries(value)) {
    const wanted = findNextValueToSet(data, { path: [...path, key], value: member })
    if (wanted !== undefined) return wanted
  }
  return undefined
}
