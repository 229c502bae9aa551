import { isMissingFileError, SubagentError } from '@subagent-mcp/contract'
import {
  findNodeAtLocation,
  parse,
  parseTree,
  printParseErrorCode,
  type JSONPath,
  type Node,
  type ParseError,
} from 'jsonc-parser'
import { readFileSync } from 'node:fs'

/** The data of a JSON file with comments. `lineOf` returns the line at which the value at a path stands. */
export type JsoncFile = { value: unknown; lineOf(path: JSONPath): number }

/** Reads a JSON file with comments; undefined when it does not exist. @throws SubagentError that names the file and the line */
export function readJsoncFile(path: string): JsoncFile | undefined {
  const text = readText(path)
  if (text === undefined) return undefined
  const faults: ParseError[] = []
  const options = { allowTrailingComma: true, allowEmptyContent: true }
  const value: unknown = parse(text, faults, options)
  const [fault] = faults
  if (fault) throw notJson(path, lineAt(text, fault.offset), printParseErrorCode(fault.error))
  const root = parseTree(text, [], options)
  return {
    // A file that has only comments counts as an empty object.
    value: root ? value : {},
    lineOf: (place) => lineAt(text, root ? nearest(root, place).offset : 0),
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    if (isMissingFileError(cause)) return undefined
    const hint = 'make it readable, or move it away'
    throw new SubagentError('config-unreadable', `cannot read ${path} (${String(cause)})`, { hint, cause })
  }
}

function notJson(path: string, line: number, fault: string): SubagentError {
  const words = fault.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  const hint = 'mend it there: JSON, in which comments and trailing commas are allowed'
  return new SubagentError('config-invalid', `${path}:${line}: not valid JSON: ${words}`, { hint })
}

/** Returns the node of the JSON tree at a path; for a missing path the nearest existing node around it. */
function nearest(root: Node, place: JSONPath): Node {
  const node = findNodeAtLocation(root, place)
  return node ?? (place.length > 0 ? nearest(root, place.slice(0, -1)) : root)
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\r|\n/).length
}
