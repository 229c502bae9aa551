import { parse, TomlError } from 'smol-toml'
import { ParseError, parseTOML, type AST } from 'toml-eslint-parser'
import type { Refused } from './edit.js'
import type { Place } from './value.js'

/** A key with its value, as it stands in a text. */
export type TomlEntry = {
  node: AST.TOMLKeyValue
  /** Where its header, or the document, leads; the keys in front of its equals sign come on top. */
  table: Place
  place: Place
}

/** A header with the entries below it. */
export type TomlBlock = { node: AST.TOMLTable; place: Place }

/** A TOML text with all that it defines; what stands inside of inline tables is no entry. */
export type TomlDocument = {
  text: string
  data: unknown
  program: AST.TOMLProgram
  entries: readonly TomlEntry[]
  blocks: readonly TomlBlock[]
}

/** Reads a text with two parsers: what one of them does not take is refused. */
export function readToml(text: string): { type: 'document'; document: TomlDocument } | Refused {
  try {
    const data = parse(text, { integersAsBigInt: 'asNeeded' })
    const program = parseTOML(text)
    const { entries, blocks } = collect(program)
    return { type: 'document', document: { text, data, program, entries, blocks } }
  } catch (cause) {
    if (cause instanceof TomlError) {
      return { type: 'refused', why: `line ${cause.line}: ${cause.message.split('\n')[0] ?? ''}` }
    }
    if (cause instanceof ParseError) {
      return { type: 'refused', why: `line ${cause.lineNumber}: ${cause.message}` }
    }
    throw cause
  }
}

/** Whether a place lies at another one, or inside of it. */
export function isInside(place: Place, outer: Place): boolean {
  return outer.every((key, index) => key === place[index])
}

/** Whether two places are one. */
export function samePlace(left: Place, right: Place): boolean {
  return left.length === right.length && isInside(left, right)
}

function collect(program: AST.TOMLProgram) {
  const entries: TomlEntry[] = []
  const blocks: TomlBlock[] = []
  const add = (table: Place) => (node: AST.TOMLKeyValue) => {
    entries.push({ node, table, place: [...table, ...node.key.keys.map(nameOf)] })
  }
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') add([])(node)
    else {
      blocks.push({ node, place: node.resolvedKey })
      node.body.forEach(add(node.resolvedKey))
    }
  }
  return { entries, blocks }
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value
}
