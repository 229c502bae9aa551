import type { Node } from 'jsonc-parser'
import { listOfNode, listOfDocument, type JsonDocument, type LocatedJsonNode } from './json-document.js'
import { createItemLayout, printJsonMember, printJsonValue, readJsonStyle } from './json-print.js'
import { appendListItem, findEmptyListSpace, type ItemLayout } from '../list.js'
import { readLineIndent, type Splice } from '../splice.js'
import type { JsonValue } from '../value.js'

/** Splices that insert our part, and what the edit that undoes them needs. */
export type UndoableJsonInsertion = { splices: Splice[]; created: number; gap: string | undefined }

/** Adds a member where a path ends in the document, with the missing objects above it. */
export function insertJsonMember(
  document: JsonDocument,
  place: Extract<LocatedJsonNode, { type: 'missing' }>,
  path: readonly string[],
  value: JsonValue,
): UndoableJsonInsertion {
  const { container, depth } = place
  const wrap = (inner: JsonValue, key: string): JsonValue => Object.fromEntries([[key, inner]])
  const created = path.length - 1 - depth
  if (container === undefined) {
    return { ...writeRoot(document, path.reduceRight(wrap, value)), created: created + 1 }
  }
  const style = readJsonStyle(document)
  const layout = createItemLayout(document.text, container, style)
  const member = printJsonMember(
    path[depth] ?? '',
    path.slice(depth + 1).reduceRight(wrap, value),
    layout,
    style,
  )
  return { ...append(document.text, container, member, layout), created }
}

export function insertJsonItem(document: JsonDocument, array: Node, value: JsonValue): UndoableJsonInsertion {
  const style = readJsonStyle(document)
  const layout = createItemLayout(document.text, array, style)
  return { ...append(document.text, array, printJsonValue(value, layout, style), layout), created: 0 }
}

export function replaceJsonValue(document: JsonDocument, node: Node, value: JsonValue): Splice {
  const style = readJsonStyle(document)
  const layout = createItemLayout(document.text, findJsonContainer(node) ?? node, style)
  const indent = readLineIndent(document.text, node.offset)
  const own: ItemLayout =
    layout.lead.type === 'line' ? { ...layout, lead: { ...layout.lead, indent } } : layout
  return { start: node.offset, end: node.offset + node.length, text: printJsonValue(value, own, style) }
}

export function findJsonContainer(value: Node): Node | undefined {
  return value.parent?.type === 'property' ? value.parent.parent : value.parent
}

function append(text: string, container: Node, item: string, layout: ItemLayout) {
  const list = listOfNode(text, container)
  const gap = list.items.length === 0 ? findEmptyListSpace(list) : undefined
  return { splices: appendListItem(list, item, layout), gap }
}

function writeRoot(document: JsonDocument, root: JsonValue) {
  const outer = listOfDocument(document)
  const { lineBreak, unit } = readJsonStyle(document)
  const remark = outer.marks.at(-1)
  const text = JSON.stringify(root, null, unit).replaceAll('\n', lineBreak) + lineBreak
  const start = remark?.end ?? 0
  const splice = { start, end: outer.close, text: remark === undefined ? text : lineBreak + text }
  return { splices: [splice], gap: findEmptyListSpace(outer) }
}
