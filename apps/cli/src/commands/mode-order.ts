import { readSpan, readWords, wrongUse } from '../terminal/read-words.js'

/** What becomes of orchestration mode, and in which project; `expire` in seconds. */
export type ModeOrder = { project?: string; json: boolean } & (
  | { word: 'on'; expire?: number }
  | { word: 'off' }
  | { word: 'status'; all: boolean }
)

/** The flags of `mode`. */
export const modeFlags = {
  project: { type: 'string', valueHint: 'folder', description: 'Of which project; this one without it' },
  expire: { type: 'string', valueHint: '90m|8h|7d', description: 'With on: turn it off after that time' },
  all: { type: 'boolean', description: 'With status: every project in which it is on' },
  json: { type: 'boolean', description: 'The same as JSON' },
} as const

const usage = 'subagent-mcp mode [on [--expire 8h] | off | status [--all]] [--project <folder>] [--json]'

/** Reads the words after `mode`. @throws SubagentError */
export function readModeOrder(words: readonly string[]): ModeOrder {
  const { values, positionals } = readWords(words, modeFlags, usage)
  const { expire, all = false, json = false, project } = values
  const [word = 'status', surplus] = positionals
  if (surplus !== undefined) throw wrongUse(`there is a '${surplus}' too many`, usage)
  if (project?.trim() === '') throw wrongUse('--project names no folder', usage)
  if (expire !== undefined && word !== 'on') throw wrongUse('--expire goes with on', usage)
  if (all && word !== 'status') throw wrongUse('--all goes with status', usage)
  if (all && project !== undefined) throw wrongUse('--all and --project exclude each other', usage)
  const where = { json, ...(project !== undefined && { project }) }
  if (word === 'status') return { word, all, ...where }
  if (word === 'off') return { word, ...where }
  if (word === 'on') return { word, ...(expire !== undefined && { expire: readExpire(expire) }), ...where }
  throw wrongUse(`the mode is on or off, not '${word}'`, usage)
}

function readExpire(text: string): number {
  const seconds = readSpan(text, '--expire', usage)
  if (seconds > 0 && seconds <= yearSeconds) return seconds
  throw wrongUse('--expire takes up to 365d', usage)
}

const yearSeconds = 365 * 86_400
