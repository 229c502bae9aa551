import type { Node } from 'jsonc-parser'
import { refuseAt, type Refusal } from '../edit.js'
import type { JsonDocument } from './json-document.js'

/** The place in a document to which a path leads. */
export type LocatedNode =
  | { type: 'found'; node: Node }
  /** `container` is the innermost existing object on the path, below `depth` keys; undefined in an empty document. */
  | { type: 'missing'; container: Node | undefined; depth: number }
  /** A value on the path is no object, so there is no entry of ours. */
  | { type: 'blocked'; refusal: Refusal }
  | Refusal

/** Follows a path. A duplicate key on it is refused, because readers differ in which one counts. */
export function locateNode(document: JsonDocument, path: readonly string[]): LocatedNode {
  const { text } = document
  const root = document.root()
  if (root === undefined) return { type: 'missing', container: undefined, depth: 0 }
  let node = root
  for (const [depth, key] of path.entries()) {
    if (node.type !== 'object') {
      const why = `${path.slice(0, depth).join('.')} is no object`
      return { type: 'blocked', refusal: refuseAt(text, node.offset, why) }
    }
    const [member, second] = (node.children ?? []).filter((child) => child.children?.[0]?.value === key)
    if (second !== undefined) return refuseAt(text, second.offset, `"${key}" stands there twice`)
    const value = member?.children?.[1]
    if (value === undefined) return { type: 'missing', container: node, depth }
    node = value
  }
  return { type: 'found', node }
}
