import { noWord, readWords } from '../terminal/read-words.js'

/** How the pool is listed. */
export type PoolOrder = { json: boolean }

/** The flags of `pool`. */
export const poolFlags = { json: { type: 'boolean', description: 'The same as JSON' } } as const

const usage = 'subagent-mcp pool [--json]'

/** Reads the words after `pool`. @throws SubagentError */
export function readPoolOrder(words: readonly string[]): PoolOrder {
  const { values, positionals } = readWords(words, poolFlags, usage)
  noWord(positionals, usage)
  return { json: values.json ?? false }
}
