import { onlyWord, readWords } from '../../terminal/read-words.js'

/** Whose processes to end. */
export type ResetOrder = { agent: string; cwd?: string; json: boolean }

/** The flags of `reset`. */
export const resetFlags = {
  cwd: { type: 'string', valueHint: 'folder', description: 'As if called there; here without it' },
  json: { type: 'boolean', description: 'How many there were, as JSON' },
} as const

const usage = 'subagent-mcp reset <agent> [--cwd <folder>] [--json]'

/** Reads the words after `reset`. @throws SubagentError */
export function readResetOrder(words: readonly string[]): ResetOrder {
  const { values, positionals } = readWords(words, resetFlags, usage)
  return { json: false, ...values, agent: onlyWord(positionals, 'agent', usage) }
}
