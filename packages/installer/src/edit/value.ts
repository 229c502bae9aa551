import { z } from 'zod'

/** Plain JSON data that is written into files of hosts. */
export const JsonValue = z.json()
export type JsonValue = z.infer<typeof JsonValue>

/** Keys and list positions that lead to a value. The empty place is the whole document. */
export type DataPath = readonly (string | number)[]

/** Data with named members; neither a list nor a date. */
export function isDataTable(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && !Array.isArray(data) && !(data instanceof Date)
}

/** The value at a place; undefined for none. Inherited properties do not count. */
export function getValueAt(data: unknown, place: DataPath): unknown {
  const [key, ...rest] = place
  if (key === undefined) return data
  if (typeof key === 'number') return Array.isArray(data) ? getValueAt(data[key], rest) : undefined
  return isDataTable(data) && Object.hasOwn(data, key) ? getValueAt(data[key], rest) : undefined
}

/** Data with another value at a place; undefined removes the value. Missing tables on the path are created; a missing list only at its end. */
export function copyWithValueAt(data: unknown, place: DataPath, value: unknown): unknown {
  const [key, ...rest] = place
  if (key === undefined) return value === undefined ? {} : value
  if (typeof key === 'number') {
    const list: readonly unknown[] = Array.isArray(data) ? data : []
    if (value === undefined && rest.length === 0) return list.toSpliced(key, 1)
    return list.toSpliced(key, 1, copyWithValueAt(list[key], rest, value))
  }
  const others = isDataTable(data) ? Object.entries(data).filter(([name]) => name !== key) : []
  const old = isDataTable(data) && Object.hasOwn(data, key) ? data[key] : undefined
  if (value === undefined && rest.length === 0) return Object.fromEntries(others)
  return Object.fromEntries([...others, [key, copyWithValueAt(old, rest, value)]])
}

/** Whether two documents are equal, without regard to the order of keys. */
export function isSameData(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isSameData(item, right[index]))
  }
  if (left instanceof Date && right instanceof Date) return left.toISOString() === right.toISOString()
  if (!isDataTable(left) || !isDataTable(right)) return left === right || (isNaN(left) && isNaN(right))
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSameData(left[key], right[key]))
  )
}

function isNaN(data: unknown): boolean {
  return Number.isNaN(data)
}
