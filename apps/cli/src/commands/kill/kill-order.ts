import { readWords, wrongUse } from '../../terminal/read-words.js'

/** Whom to kill. */
export type KillOrder = { words: readonly string[] | 'all'; json: boolean }

/** The flags of `kill`. */
export const killFlags = {
  all: { type: 'boolean', description: 'All agents, of all projects' },
  json: { type: 'boolean', description: 'What they ended as, as JSON' },
} as const

const usage = 'subagent-mcp kill <id or name> ... [--json], or kill --all'

/** Reads the words after `kill`. @throws SubagentError */
export function readKillOrder(words: readonly string[]): KillOrder {
  const { values, positionals } = readWords(words, killFlags, usage)
  const { all = false, json = false } = values
  if (all && positionals.length > 0) throw wrongUse('--all leaves no one to name', usage)
  if (!all && positionals.length === 0) throw wrongUse('there is no agent', usage)
  return { words: all ? 'all' : positionals, json }
}
