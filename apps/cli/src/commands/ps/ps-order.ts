import { noWord, readWords } from '../../terminal/read-words.js'

/** Which agents are listed, and how. */
export type PsOrder = { all: boolean; here: boolean; watch: boolean; json: boolean }

/** The flags of `ps`. */
export const psFlags = {
  all: { type: 'boolean', description: 'Also those that ended more than an hour ago' },
  here: { type: 'boolean', description: 'Only those of this project' },
  watch: { type: 'boolean', description: 'Keep it up to date until Ctrl-C' },
  json: { type: 'boolean', description: 'The same as JSON; with --watch a line for each change' },
} as const

const usage = 'subagent-mcp ps [--all] [--here] [--watch] [--json]'

/** Reads the words after `ps`. @throws SubagentError */
export function readPsOrder(words: readonly string[]): PsOrder {
  const { values, positionals } = readWords(words, psFlags, usage)
  noWord(positionals, usage)
  const { all = false, here = false, watch = false, json = false } = values
  return { all, here, watch, json }
}
