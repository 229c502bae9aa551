import { SubagentError } from '@subagent-mcp/contract'
import { findYamlOffset } from '@subagent-mcp/definitions'
import { readFileSync, statSync } from 'node:fs'
import { LineCounter, parseDocument, visit, type Document } from 'yaml'

/** The value of a YAML file, and the line of each place in it. */
export type YamlFile = { value: unknown; lineOf(place: readonly PropertyKey[]): number }

/** Reads a YAML file of the user. @throws SubagentError that names file and line */
export function readYamlFile(path: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(readText(path), {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    stringKeys: true,
  })
  const lineAt = (offset: number): number => lines.linePos(offset).line
  const [fault] = [...document.errors, ...document.warnings]
  if (fault) throw notYaml(`${path}:${lineAt(fault.pos[0])}`, fault.message)
  return {
    value: plainValue(path, document, lineAt) ?? {},
    lineOf: (place) => lineAt(findYamlOffset(document.contents, place) ?? 0),
  }
}

function readText(path: string): string {
  try {
    // Reading a pipe would block the daemon until another process writes into it.
    if (!statSync(path).isFile()) throw new Error('it is no regular file')
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    if (isMissing) throw new SubagentError('config-unreadable', `there is no ${path}`, { cause })
    throw new SubagentError('config-unreadable', `cannot read ${path} (${String(cause)})`, { cause })
  }
}

/** Converts a YAML document to a plain value. An alias without an anchor, or one that expands without bound, is only found here. */
function plainValue(path: string, document: Document, lineAt: (offset: number) => number): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    const place = `${path}:${lineAt(lostAlias(document))}`
    throw notYaml(place, cause instanceof Error ? cause.message : String(cause))
  }
}

function lostAlias(document: Document): number {
  let offset = 0
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return undefined
      offset = alias.range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return offset
}

function notYaml(place: string, fault: string): SubagentError {
  return new SubagentError('config-invalid', `${place}: not valid YAML: ${fault}`, { hint: 'mend it there' })
}
