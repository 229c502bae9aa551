import { z } from 'zod'
import { isTable, sameData, Value } from './value.js'

/** How our items of a list are told from others: by what they are, or by all words of one string inside of them. */
export const Ours = z.union([
  z.strictObject({ is: Value }),
  z.strictObject({ mentions: z.array(z.string().min(1)).min(1).readonly() }),
])
export type Ours = z.infer<typeof Ours>

/** Whether an item of a list is ours. */
export function isOurs(item: unknown, ours: Ours): boolean {
  if ('is' in ours) return sameData(item, ours.is)
  if (typeof item === 'string') return ours.mentions.every((word) => item.includes(word))
  return parts(item).some((part) => isOurs(part, ours))
}

/** Whether an item holds ours next to another's, as a group of hooks that a user has added to. */
export function isMixed(item: unknown, ours: Ours): boolean {
  const members = Array.isArray(item) ? item.filter(isTable) : []
  const mine = members.filter((member) => isOurs(member, ours))
  return (mine.length > 0 && mine.length < members.length) || parts(item).some((part) => isMixed(part, ours))
}

function parts(item: unknown): readonly unknown[] {
  if (Array.isArray(item)) return item
  return isTable(item) ? Object.values(item) : []
}
