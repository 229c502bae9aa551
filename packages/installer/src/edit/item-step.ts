import { isOurs, sharedPart, type Ours } from './ours.js'
import { sameData, valueAt, withValue, type DataPath, type JsonValue } from './value.js'

/** The next change of a list. `part` is our part of an item that has parts of others, too. */
export type ListChange =
  | { type: 'unchanged' }
  | { type: 'append' }
  | { type: 'replace' | 'remove'; index: number }
  | { type: 'part'; place: DataPath }

/** The next change that a list needs to have our item once, with the wanted value. */
export function nextToAdd(
  items: readonly unknown[],
  { value, ours }: { value: JsonValue; ours: Ours },
): ListChange {
  const shared = sharedParts(items, ours)
  const current = shared.find(({ index, part }) => sameData(oursAlone(items[index], part, ours), value))
  const stale = shared.find((other) => other !== current)
  if (stale !== undefined) return { type: 'part', place: [stale.index, ...stale.part] }
  const mine = indicesOf(items, ours).filter((index) => index !== current?.index)
  const [first, ...others] = mine
  if (first === undefined) return { type: current === undefined ? 'append' : 'unchanged' }
  const extra = current === undefined ? others.at(-1) : mine.at(-1)
  if (extra !== undefined) return { type: 'remove', index: extra }
  return sameData(items[first], value) ? { type: 'unchanged' } : { type: 'replace', index: first }
}

/** The next change that a list needs to have no item of ours. */
export function nextToRemove(items: readonly unknown[], ours: Ours): ListChange {
  const [shared] = sharedParts(items, ours)
  if (shared !== undefined) return { type: 'part', place: [shared.index, ...shared.part] }
  const index = indicesOf(items, ours).at(-1)
  return index === undefined ? { type: 'unchanged' } : { type: 'remove', index }
}

function sharedParts(items: readonly unknown[], ours: Ours) {
  return items.flatMap((item, index) => {
    const part = sharedPart(item, ours)
    return part === undefined ? [] : [{ index, part }]
  })
}

function indicesOf(items: readonly unknown[], ours: Ours): number[] {
  return [...items.keys()].filter((index) => isOurs(items[index], ours))
}

/** The item without the parts of others. */
function oursAlone(item: unknown, part: DataPath, ours: Ours): unknown {
  const list = part.slice(0, -1)
  const members = valueAt(item, list)
  return withValue(item, list, Array.isArray(members) ? members.filter((one) => isOurs(one, ours)) : members)
}
