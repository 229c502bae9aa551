import {
  createScanner,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  stripComments,
  type Node,
  type ParseError,
} from 'jsonc-parser'
import { z } from 'zod'
import { refuseEditAt, refuseLoneCarriageReturn, refuseTooDeepDocument, type EditRefusal } from '../edit.js'
import type { TextList, ListMark } from '../list.js'
import { isFirstInLine } from '../splice.js'
import { parseTreeLazily } from './json-tree.js'
import { isDataTable } from '../value.js'

export const JsonRules = z.strictObject({
  comments: z.boolean(),
  trailingCommas: z.boolean(),
  bom: z.boolean(),
})
export type JsonRules = z.infer<typeof JsonRules>

/** A JSON text with its tree, which is built at the first use. */
export type JsonDocument = {
  text: string
  data: unknown
  /** The root of the tree; undefined for a text of white space and comments. */
  root(): Node | undefined
}

type ReadJson = { type: 'document'; document: JsonDocument } | EditRefusal

/** Parses a text as strictly as its host; refuses a text that the host could not read. */
export function parseJsonDocument(text: string, rules: JsonRules): ReadJson {
  return refuseTooDeepDocument(() => read(text, rules))
}

function read(text: string, rules: JsonRules): ReadJson {
  const refusal = refuseLoneCarriageReturn(text)
  if (refusal !== undefined) return refusal
  if (isBlank(text, rules)) return { type: 'document', document: { text, data: {}, root: () => undefined } }
  const plain = rules.trailingCommas ? undefined : parsePlain(text, rules)
  if (plain !== undefined && 'data' in plain && isDataTable(plain.data)) {
    let root: Node | undefined
    return {
      type: 'document',
      document: { text, data: plain.data, root: () => (root ??= parseTreeLazily(text)) },
    }
  }
  const errors: ParseError[] = []
  const root = parseTree(text, errors, {
    disallowComments: !rules.comments,
    allowTrailingComma: rules.trailingCommas,
  })
  const [error] = errors
  if (error !== undefined) return refuseEditAt(text, error.offset, describeError(error))
  if (root?.type !== 'object') return refuseEditAt(text, root?.offset ?? 0, 'the document is no object')
  if (plain !== undefined && 'trouble' in plain) return { type: 'refused', why: plain.trouble }
  return { type: 'document', document: { text, data: getNodeValue(root), root: () => root } }
}

/** An object or array of the tree as a list. The items of an object are its members. */
export function listOfNode(text: string, container: Node): TextList {
  const items = (container.children ?? []).map(rangeOf)
  const open = container.offset + 1
  const close = container.offset + container.length - 1
  const starts = [open, ...items.map((item) => item.end)]
  const ends = [...items.map((item) => item.start), close]
  const marks = starts.flatMap((start, index) => listCommasAndComments(text, start, ends[index] ?? close))
  return { text, open, close, items, marks }
}

/** The document as a list whose only item is its root. */
export function listOfDocument(document: JsonDocument): TextList {
  const { text } = document
  const root = document.root()
  const items = root === undefined ? [] : [rangeOf(root)]
  const marks = [
    ...listCommasAndComments(text, 0, items[0]?.start ?? text.length),
    ...(items[0] === undefined ? [] : listCommasAndComments(text, items[0].end, text.length)),
  ]
  return { text, open: 0, close: text.length, items, marks }
}

/** Whether the members of a container have lines of their own. An empty container is like the one around it. */
export function isMultiLineJsonNode(text: string, container: Node): boolean {
  const last = container.children?.at(-1)
  if (last !== undefined) return isFirstInLine(text, last.offset)
  const around = container.parent?.type === 'property' ? container.parent.parent : container.parent
  return around === undefined || isMultiLineJsonNode(text, around)
}

function rangeOf(node: Node) {
  return { start: node.offset, end: node.offset + node.length }
}

function isBlank(text: string, rules: JsonRules): boolean {
  return (rules.comments ? stripComments(text) : text).trim() === ''
}

/** Reads JSON by `JSON.parse` after dropping comments, as most hosts do. */
function parsePlain(text: string, rules: JsonRules): { data: unknown } | { trouble: string } {
  try {
    const data: unknown = JSON.parse(rules.comments ? stripComments(text, ' ') : text)
    return { data }
  } catch (cause) {
    if (cause instanceof SyntaxError) return { trouble: cause.message }
    throw cause
  }
}

/** Turns the parser's `InvalidCommentToken` into `invalid comment token`. */
function describeError(error: ParseError): string {
  return printParseErrorCode(error.error)
    .replace(/\B[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase()
}

/** The numbers of jsonc-parser's tokens: 5 is a comma, 12 a line comment, 13 a block comment. Its enum does not exist at run time. */
const markTypes = new Map<number, ListMark['type']>([
  [5, 'comma'],
  [12, 'line-comment'],
  [13, 'block-comment'],
])

export function listCommasAndComments(text: string, start: number, end: number): ListMark[] {
  const scanner = createScanner(text, false)
  const marks: ListMark[] = []
  scanner.setPosition(start)
  while (scanner.getPosition() < end) {
    const type = markTypes.get(scanner.scan())
    const offset = scanner.getTokenOffset()
    if (type !== undefined && offset < end) {
      marks.push({ type, start: offset, end: offset + scanner.getTokenLength() })
    }
  }
  return marks
}

export type LocatedJsonNode =
  | { type: 'found'; node: Node }
  /** `container` is the innermost existing object on the path, below `depth` keys; undefined in an empty document. */
  | { type: 'missing'; container: Node | undefined; depth: number }
  /** A value on the path is no object, so there is no entry of ours. */
  | { type: 'blocked'; refusal: EditRefusal }
  | EditRefusal

/** Follows a path. A duplicate key on it is refused, because readers differ in which one counts. */
export function locateJsonNode(document: JsonDocument, path: readonly string[]): LocatedJsonNode {
  const { text } = document
  const root = document.root()
  if (root === undefined) return { type: 'missing', container: undefined, depth: 0 }
  let node = root
  for (const [depth, key] of path.entries()) {
    if (node.type !== 'object') {
      const why = `${path.slice(0, depth).join('.')} is no object`
      return { type: 'blocked', refusal: refuseEditAt(text, node.offset, why) }
    }
    const [member, second] = (node.children ?? []).filter((child) => child.children?.[0]?.value === key)
    if (second !== undefined) return refuseEditAt(text, second.offset, `"${key}" stands there twice`)
    const value = member?.children?.[1]
    if (value === undefined) return { type: 'missing', container: node, depth }
    node = value
  }
  return { type: 'found', node }
}
