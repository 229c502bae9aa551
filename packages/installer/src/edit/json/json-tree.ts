import type { Node } from 'jsonc-parser'
import { isEscapedByBackslash, findMatchEnd } from '../splice.js'

/**
 * The tree of a valid JSON text, which may have comments. The children of a node are found when they are first read, because
 * an edit looks at few of them, and a long text has hundreds of thousands.
 */
export function parseTreeLazily(text: string): Node {
  return nodeAt(text, skipSpace(text, 0), undefined)
}

function nodeAt(text: string, offset: number, parent: Node | undefined): Node {
  const type = types.get(text[offset]) ?? 'number'
  const end = valueEnd(text, offset)
  const node = { type, offset, length: end - offset, ...(parent && { parent }) }
  if (type !== 'object' && type !== 'array') {
    const value: unknown = JSON.parse(text.slice(offset, end))
    return { ...node, value }
  }
  let children: Node[] | undefined
  return Object.defineProperty(node, 'children', {
    get: () => (children ??= childrenOf(text, node)),
  })
}

const types = new Map<string | undefined, Node['type']>(
  Object.entries({ '{': 'object', '[': 'array', '"': 'string', t: 'boolean', f: 'boolean', n: 'null' }),
)

function childrenOf(text: string, container: Node): Node[] {
  const children: Node[] = []
  const close = container.offset + container.length - 1
  let at = skipSpace(text, container.offset + 1)
  while (at < close) {
    const child = container.type === 'object' ? propertyAt(text, at, container) : nodeAt(text, at, container)
    children.push(child)
    const comma = skipSpace(text, child.offset + child.length)
    at = skipSpace(text, comma + 1)
  }
  return children
}

function propertyAt(text: string, offset: number, parent: Node): Node {
  const property: Node = { type: 'property', offset, length: 0, parent }
  const key = nodeAt(text, offset, property)
  const colonOffset = skipSpace(text, offset + key.length)
  const value = nodeAt(text, skipSpace(text, colonOffset + 1), property)
  const length = value.offset + value.length - offset
  return Object.assign(property, { length, colonOffset, children: [key, value] })
}

function valueEnd(text: string, start: number): number {
  let at = start
  let depth = 0
  do {
    const sign = text[at]
    if (sign === '{' || sign === '[') depth += 1
    if (sign === '}' || sign === ']') depth -= 1
    if (sign === '"') at = stringEnd(text, at)
    else at = Math.max(at + 1, findMatchEnd(depth === 0 ? scalar : plain, text, at))
    if (depth > 0) at = skipSpace(text, at)
  } while (depth > 0)
  return at
}

const scalar = /[^\s,:{}[\]"/]*/y
const plain = /[^{}[\]"/]*/y

function stringEnd(text: string, start: number): number {
  let close = text.indexOf('"', start + 1)
  while (isEscapedByBackslash(text, close, start + 1)) close = text.indexOf('"', close + 1)
  return close + 1
}

/** The offset of the next character outside of white space and comments. */
function skipSpace(text: string, start: number): number {
  let at = findMatchEnd(space, text, start)
  while (text[at] === '/') {
    at = text[at + 1] === '/' ? findMatchEnd(line, text, at) : text.indexOf('*/', at + 2) + 2
    at = findMatchEnd(space, text, at)
  }
  return at
}

const space = /\s*/y
const line = /[^\r\n]*/y
