import { noWord, onlyWord, readWords, wrongUse } from '../../terminal/read-words.js'

/** The newest lines of a worker's log; with `follow` also those that come. */
export type WorkersLogsOrder = { name: string; follow: boolean; lines: number; json: boolean }

/** Which workers are to end: those of a name, or all. */
export type WorkersStopOrder = { name?: string; json: boolean }

const json = { type: 'boolean', description: 'The same as JSON' } as const

/** The flags of `workers status`. */
export const workersStatusFlags = { json } as const

/** The flags of `workers logs`. */
export const workersLogsFlags = {
  follow: { type: 'boolean', short: 'f', alias: 'f', description: 'Go on with what is added' },
  lines: { type: 'string', valueHint: 'number', description: 'How many; 50 without it' },
  json: { type: 'boolean', description: 'A JSON object a line' },
} as const

/** The flags of `workers stop`. */
export const workersStopFlags = {
  all: { type: 'boolean', description: 'All of this machine' },
  json,
} as const

/** Reads the words after `workers status`, or after `workers`. @throws SubagentError */
export function readWorkersStatusOrder(words: readonly string[]): { json: boolean } {
  const usage = 'subagent-mcp workers status [--json]'
  const { values, positionals } = readWords(words, workersStatusFlags, usage)
  noWord(positionals, usage)
  return { json: false, ...values }
}

/** Reads the words after `workers logs`. @throws SubagentError */
export function readWorkersLogsOrder(words: readonly string[]): WorkersLogsOrder {
  const usage = 'subagent-mcp workers logs <name> [-f] [--lines <number>] [--json]'
  const { values, positionals } = readWords(words, workersLogsFlags, usage)
  const { lines = '50', ...rest } = values
  if (!/^[1-9]\d{0,5}$/.test(lines)) throw wrongUse(`--lines takes a number, not '${lines}'`, usage)
  const name = onlyWord(positionals, 'name', usage)
  return { name, follow: false, json: false, ...rest, lines: Number(lines) }
}

/** Reads the words after `workers stop`. @throws SubagentError */
export function readWorkersStopOrder(words: readonly string[]): WorkersStopOrder {
  const usage = 'subagent-mcp workers stop <name>|--all [--json]'
  const { values, positionals } = readWords(words, workersStopFlags, usage)
  const { all = false, ...rest } = values
  if (all && positionals.length > 0) throw wrongUse('--all takes no name beside it', usage)
  return { ...(!all && { name: onlyWord(positionals, 'name', usage) }), json: false, ...rest }
}
