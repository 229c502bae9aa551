import { getNodePath, type Node } from 'jsonc-parser'
import type { CreatedParentTables } from '../edit.js'
import { listOfNode, listCommasAndComments, listOfDocument, type JsonDocument } from './json-document.js'
import { findJsonContainer } from './json-insert.js'
import { removeListItem } from '../list.js'
import { createCutSplice, type Splice } from '../splice.js'
import type { DataPath } from '../value.js'

/** Removes a value and the containers around it that were created for it and are empty now. */
export function removeJsonValue(
  document: JsonDocument,
  value: Node,
  made: CreatedParentTables,
): { splices: Splice[]; place: DataPath } {
  const { target, left } = outermostCreated(document.text, value, made.created ?? 0)
  const gap = left === 0 ? made.gap : undefined
  return { splices: removeNode(document, target, gap), place: getNodePath(target) }
}

function outermostCreated(text: string, value: Node, created: number) {
  let target = value
  for (let left = created; left > 0; left -= 1) {
    const container = findJsonContainer(target)
    if (container === undefined || !isSole(text, container)) return { target, left }
    target = container
  }
  return { target, left: 0 }
}

/** Whether an item is alone in its container. A comment in the container, or before it, counts as an item, because it is the user's. */
function isSole(text: string, container: Node): boolean {
  const { items, marks } = listOfNode(text, container)
  const key = container.parent?.type === 'property' ? container.parent.offset : container.offset
  const inFront = listCommasAndComments(text, key, container.offset)
  return items.length === 1 && [...inFront, ...marks].every((mark) => mark.type === 'comma')
}

function removeNode(document: JsonDocument, value: Node, gap: string | undefined): Splice[] {
  const container = findJsonContainer(value)
  if (container === undefined) return removeRoot(document, value, gap)
  const member = value.parent?.type === 'property' ? value.parent : value
  const list = listOfNode(document.text, container)
  return removeListItem(list, container.children?.indexOf(member) ?? -1, gap)
}

function removeRoot(document: JsonDocument, root: Node, gap: string | undefined): Splice[] {
  const { marks, close } = listOfDocument(document)
  const end = root.offset + root.length
  if (marks.some((mark) => mark.start >= end)) return [createCutSplice(root.offset, end)]
  return [{ start: marks.at(-1)?.end ?? 0, end: close, text: gap ?? '' }]
}
