import { z } from 'zod'
import { isDataTable, isSameData, JsonValue, type DataPath, getValueAt, copyWithValueAt } from './value.js'

/** How our items of a list are recognized: by their value, or by words that one string inside of them has. */
export const OurMark = z.union([
  z.strictObject({ is: JsonValue }),
  z.strictObject({ mentions: z.array(z.string().min(1)).min(1).readonly() }),
])
export type OurMark = z.infer<typeof OurMark>

export function isOurItem(item: unknown, ours: OurMark): boolean {
  if ('is' in ours) return isSameData(item, ours.is)
  if (typeof item === 'string') return ours.mentions.every((word) => item.includes(word))
  return partsOf(item).some(([, part]) => isOurItem(part, ours))
}

/** The place of our part in an item that has parts of others, such as a group of hooks that the user has extended. */
function sharedPart(item: unknown, ours: OurMark): DataPath | undefined {
  if (Array.isArray(item) && item.some((member) => isDataTable(member) && !isOurItem(member, ours))) {
    const index = item.findLastIndex((member) => isDataTable(member) && isOurItem(member, ours))
    if (index !== -1) return [index]
  }
  for (const [key, part] of partsOf(item)) {
    const place = sharedPart(part, ours)
    if (place !== undefined) return [key, ...place]
  }
  return undefined
}

function partsOf(item: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(item)) return [...item.entries()]
  return isDataTable(item) ? Object.entries(item) : []
}

/** The next change of a list. `part` is our part of an item that has parts of others, too. */
export type ListItemChange =
  | { type: 'unchanged' }
  | { type: 'append' }
  | { type: 'replace' | 'remove'; index: number }
  | { type: 'part'; place: DataPath }

/** The next change that a list needs to have our item once, with the wanted value. */
export function findNextAddition(
  items: readonly unknown[],
  { value, ours }: { value: JsonValue; ours: OurMark },
): ListItemChange {
  const shared = sharedParts(items, ours)
  const current = shared.find(({ index, part }) => isSameData(oursAlone(items[index], part, ours), value))
  const stale = shared.find((other) => other !== current)
  if (stale !== undefined) return { type: 'part', place: [stale.index, ...stale.part] }
  const mine = indicesOf(items, ours).filter((index) => index !== current?.index)
  const [first, ...others] = mine
  if (first === undefined) return { type: current === undefined ? 'append' : 'unchanged' }
  const extra = current === undefined ? others.at(-1) : mine.at(-1)
  if (extra !== undefined) return { type: 'remove', index: extra }
  return isSameData(items[first], value) ? { type: 'unchanged' } : { type: 'replace', index: first }
}

/** The next change that a list needs to have no item of ours. */
export function findNextRemoval(items: readonly unknown[], ours: OurMark): ListItemChange {
  const [shared] = sharedParts(items, ours)
  if (shared !== undefined) return { type: 'part', place: [shared.index, ...shared.part] }
  const index = indicesOf(items, ours).at(-1)
  return index === undefined ? { type: 'unchanged' } : { type: 'remove', index }
}

function sharedParts(items: readonly unknown[], ours: OurMark) {
  return items.flatMap((item, index) => {
    const part = sharedPart(item, ours)
    return part === undefined ? [] : [{ index, part }]
  })
}

function indicesOf(items: readonly unknown[], ours: OurMark): number[] {
  return [...items.keys()].filter((index) => isOurItem(items[index], ours))
}

/** The item without the parts of others, so that only our part is left. */
function oursAlone(item: unknown, part: DataPath, ours: OurMark): unknown {
  const list = part.slice(0, -1)
  const members = getValueAt(item, list)
  return copyWithValueAt(
    item,
    list,
    Array.isArray(members) ? members.filter((one) => isOurItem(one, ours)) : members,
  )
}
