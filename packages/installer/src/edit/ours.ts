import { z } from 'zod'
import { isTable, sameData, JsonValue, type DataPath } from './value.js'

/** How our items of a list are recognized: by their value, or by words that one string inside of them has. */
export const Ours = z.union([
  z.strictObject({ is: JsonValue }),
  z.strictObject({ mentions: z.array(z.string().min(1)).min(1).readonly() }),
])
export type Ours = z.infer<typeof Ours>

/** Whether an item of a list is ours. */
export function isOurs(item: unknown, ours: Ours): boolean {
  if ('is' in ours) return sameData(item, ours.is)
  if (typeof item === 'string') return ours.mentions.every((word) => item.includes(word))
  return partsOf(item).some(([, part]) => isOurs(part, ours))
}

/** The place of our part in an item that has parts of others, such as a group of hooks that the user has extended. */
export function sharedPart(item: unknown, ours: Ours): DataPath | undefined {
  if (Array.isArray(item) && item.some((member) => isTable(member) && !isOurs(member, ours))) {
    const index = item.findLastIndex((member) => isTable(member) && isOurs(member, ours))
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
  return isTable(item) ? Object.entries(item) : []
}
