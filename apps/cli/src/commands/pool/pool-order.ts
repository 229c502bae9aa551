import { noWord, readWords } from '../../terminal/read-words.js'

/** How the pool is listed. */
export type PoolOrder = { cwd?: string; json: boolean }

/** The flags of `pool`. */
export const poolFlags = {
  cwd: { type: 'string', valueHint: 'folder', description: 'As if called there; here without it' },
  json: { type: 'boolean', description: 'The same as JSON' },
} as const

const usage = 'subagent-mcp pool [--cwd <folder>] [--json]'

/** Reads the words after `pool`. @throws SubagentError */
export function readPoolOrder(words: readonly string[]): PoolOrder {
  const { values, positionals } = readWords(words, poolFlags, usage)
  noWord(positionals, usage)
  return { json: false, ...values }
}
