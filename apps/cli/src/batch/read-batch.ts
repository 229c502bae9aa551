import {
  createLaunchOptionRuleCheck,
  getLaunchOptionSchemas,
  parseInputBySchema,
  type LaunchOptionsOfSurface,
} from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { createHash } from 'node:crypto'
import { readFileSync, realpathSync } from 'node:fs'
import { z } from 'zod'

/** A line of a batch file, with the options of its launch. Its key stays when other lines are added, removed or moved. */
export type BatchItem = { number: number; key: string; options: LaunchOptionsOfSurface<'batch'> }

export type LaunchBatch = { path: string; lines: readonly BatchItem[] }

const Line = z
  .strictObject(getLaunchOptionSchemas('batch'))
  .superRefine(createLaunchOptionRuleCheck((option) => option))

/** Reads a batch file, which has the options of one launch as JSON on each line; empty lines are skipped. @throws SubagentError that names each wrong line */
export function readBatch(path: string): LaunchBatch {
  const read = readLines(path).flatMap((text, index) => (text.trim() === '' ? [] : [lineOf(text, index + 1)]))
  const wrong = read.flatMap((line) => (line.type === 'wrong' ? [line] : []))
  const [first] = wrong
  if (first) {
    const told = wrong.slice(0, mostTold).map(({ number, error }) => `${path}:${number}: ${error.message}`)
    const rest = wrong.length > mostTold ? [`and ${wrong.length - mostTold} more lines are wrong`] : []
    throw new SubagentError(first.error.code, `${[...told, ...rest].join('; ')}; nothing was launched`, {
      ...(first.error.hint !== undefined && { hint: first.error.hint }),
    })
  }
  const lines = read.flatMap((line) => (line.type === 'read' ? [line] : []))
  if (lines.length === 0)
    throw new SubagentError('config-invalid', `${path} has no launches`, {
      hint: 'write one launch on each line',
    })
  return { path: realpathSync(path), lines: withKeys(lines) }
}

const mostTold = 5

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const hint = 'give a file with one launch on each line'
    throw new SubagentError('config-unreadable', `cannot read ${path} (${String(cause.code)})`, {
      hint,
      cause,
    })
  }
}

type ReadLine =
  | { type: 'read'; number: number; options: BatchItem['options'] }
  | { type: 'wrong'; number: number; error: SubagentError }

function lineOf(text: string, number: number): ReadLine {
  try {
    return { type: 'read', number, options: parseInputBySchema('a line', Line, jsonOf(text)) }
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'wrong', number, error }
    throw error
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const hint = 'write one JSON object on each line, as in {"prompt": "fix the test"}'
    throw new SubagentError('config-invalid', 'not valid JSON', { hint, cause })
  }
}

/** Adds a key to each line: the hash of its options, with a number where several lines are equal. */
function withKeys(lines: readonly Omit<BatchItem, 'key'>[]): readonly BatchItem[] {
  const seen = new Map<string, number>()
  return lines.map(({ number, options }) => {
    const hash = createHash('sha256').update(JSON.stringify(options)).digest('base64url').slice(0, 22)
    const nth = (seen.get(hash) ?? 0) + 1
    seen.set(hash, nth)
    return { number, options, key: `${hash}.${nth}` }
  })
}
