import type { SubagentError } from '@subagent-mcp/contract'
import { LineCounter, parseDocument, visit, type Alias, type Document, type YAMLError } from 'yaml'
import { z } from 'zod'
import { createInvalidDefinitionFileError } from './invalid-file-error.js'
import { findYamlOffset } from './yaml-offset.js'
import { splitFrontmatter } from './split-frontmatter.js'

export type Frontmatter = {
  value: Readonly<Record<string, unknown>>
  body: string
  lineOf(place: readonly PropertyKey[]): number
}

/** The frontmatter of each path with the text it was parsed from: each host that starts has all definitions read, and few change. */
const newest = new Map<string, { text: string; frontmatter: Frontmatter }>()

/** Parses the YAML frontmatter of a definition. @throws SubagentError `definition-invalid` with path and line */
export function parseFrontmatter(path: string, text: string): Frontmatter {
  const known = newest.get(path)
  if (known?.text === text) return known.frontmatter
  const frontmatter = parseText(path, text)
  newest.set(path, { text, frontmatter })
  return frontmatter
}

function parseText(path: string, text: string): Frontmatter {
  const parts = splitFrontmatter(path, text)
  if (parts.yaml === undefined) {
    const hint =
      'begin the file with ---, name: …, description: …, --- on lines of their own; then the prompt'
    throw createInvalidDefinitionFileError(path, [{ line: 1, message: 'has no frontmatter', hint }])
  }
  const lines = new LineCounter()
  const document = parseDocument(parts.yaml, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    stringKeys: true,
  })
  // Line 1 is the opening `---`.
  const lineAt = (offset: number): number => lines.linePos(offset).line + 1
  const [fault] = [...document.errors, ...document.warnings]
  if (fault) throw badYaml(path, fault, { line: lineAt(fault.pos[0]), rest: parts.yaml.slice(fault.pos[0]) })
  const value = z.record(z.string(), z.unknown()).safeParse(plainValue(path, document, lineAt))
  if (!value.success) {
    const hint = 'write one key a line, as in description: reviews code'
    throw createInvalidDefinitionFileError(path, [{ line: 2, message: 'the frontmatter has no keys', hint }])
  }
  return {
    value: value.data,
    body: parts.body,
    lineOf: (place) => {
      const offset = findYamlOffset(document.contents, place)
      return offset === undefined ? 1 : lineAt(offset)
    },
  }
}

/** The error for invalid YAML in a definition. `rest` is what follows the place of the error in the file. */
function badYaml(
  path: string,
  { code, message }: YAMLError,
  { line, rest }: { line: number; rest: string },
): SubagentError {
  if (code === 'DUPLICATE_KEY') {
    const [key = ''] = /^[^:\s]*/.exec(rest) ?? []
    return createInvalidDefinitionFileError(path, [
      { line, message: `${key}: appears twice`, hint: 'keep one of them' },
    ])
  }
  const hint = 'fix it there; a text with ": " or " #" in it needs quotes, or lines of its own below key: |'
  return createInvalidDefinitionFileError(path, [{ line, message: `not valid YAML: ${message}`, hint }])
}

/** Converts a YAML document to plain values. Throws on missing anchors and endless aliases, which only this finds. */
function plainValue(path: string, document: Document.Parsed, lineAt: (offset: number) => number): unknown {
  const value = toPlain(document)
  const circle = aliasOf(document, (alias, around) => around.includes(alias.resolve(document)))
  if (!(value instanceof Error) && circle === undefined) return value ?? {}
  const lost = aliasOf(document, (alias) => !alias.resolve(document))
  const message = value instanceof Error ? value.message : 'an alias leads to what it is in'
  throw createInvalidDefinitionFileError(path, [
    {
      line: lineAt(circle ?? lost ?? 0),
      message: `not valid YAML: ${message}`,
      hint: 'write the values out',
    },
  ])
}

/** Converts a YAML document to plain values; returns the parser's error instead of throwing it. */
function toPlain(document: Document.Parsed): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    return cause
  }
}

/** The offset of the first YAML alias that `isMeant` accepts. `around` has the nodes that contain the alias. */
function aliasOf(
  document: Document.Parsed,
  isMeant: (alias: Alias, around: readonly unknown[]) => boolean,
): number | undefined {
  let offset: number | undefined
  visit(document, {
    Alias: (_, alias, around) => {
      if (!isMeant(alias, around)) return undefined
      offset = alias.range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return offset
}
