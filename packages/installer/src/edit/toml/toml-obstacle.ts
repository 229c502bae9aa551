import { refuseAt, type Refusal } from '../edit.js'
import { isPathInside, isSamePath, type TomlBlock, type TomlDocument } from './toml-document.js'
import type { DataPath } from '../value.js'

/**
 * The reason why a path cannot be edited: a table on it is an inline table, is defined by dotted keys, or is in an array of
 * tables. Below such a table a header is invalid or means something else.
 */
export function obstacle(document: TomlDocument, path: DataPath): Refusal | undefined {
  const { text, entries, blocks } = document
  const entry = entries.find(({ table, place }) => {
    const shared = sharedLength(place, path)
    return shared > table.length && shared < path.length
  })
  if (entry !== undefined) {
    const why = `${entry.place.join('.')} is an inline table, a value or dotted keys`
    return refuseAt(text, entry.range.start, why)
  }
  const block = blocks.find(({ place }) => {
    const shared = sharedLength(place, path)
    return shared < path.length && typeof place[shared] === 'number'
  })
  if (block === undefined) return undefined
  return refuseAt(text, block.range.start, `${block.place.join('.')} is one of several tables`)
}

/** The entry whose dotted keys define a table at a path, such as `path.x = 1`. */
export function dottedAt(document: TomlDocument, path: DataPath): Refusal | undefined {
  const entry = document.entries.find(
    ({ table, place }) => table.length < path.length && place.length > path.length && isPathInside(place, path),
  )
  return entry && refuseAt(document.text, entry.range.start, `${path.join('.')} is made by dotted keys`)
}

/** The header of this very table, if it has one. */
export function headerOf(document: TomlDocument, path: DataPath): TomlBlock | undefined {
  return document.blocks.find(({ several, place }) => !several && isSamePath(place, path))
}

function sharedLength(left: DataPath, right: DataPath): number {
  const end = left.findIndex((key, index) => key !== right[index])
  return end === -1 ? left.length : end
}
