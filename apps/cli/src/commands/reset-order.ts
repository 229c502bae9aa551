import { onlyWord, readWords } from '../terminal/read-words.js'

/** Whose processes to end. */
export type ResetOrder = { agent: string; json: boolean }

/** The flags of `reset`. */
export const resetFlags = { json: { type: 'boolean', description: 'How many there were, as JSON' } } as const

const usage = 'subagent-mcp reset <agent> [--json]'

/** Reads the words after `reset`. @throws SubagentError */
export function readResetOrder(words: readonly string[]): ResetOrder {
  const { values, positionals } = readWords(words, resetFlags, usage)
  return { agent: onlyWord(positionals, 'agent', usage), json: values.json ?? false }
}
