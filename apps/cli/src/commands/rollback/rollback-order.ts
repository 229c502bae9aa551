import { noWord, readWords } from '../../terminal/read-words.js'

/** How the last change is taken back: shown only, without a question, or told to a program. */
export type RollbackOrder = { dryRun: boolean; yes: boolean; json: boolean }

/** The flags of `rollback`. */
export const rollbackFlags = {
  'dry-run': { type: 'boolean', description: 'Show what would be taken back, and touch nothing' },
  yes: { type: 'boolean', short: 'y', alias: 'y', description: 'Do not ask' },
  json: { type: 'boolean', description: 'The same as JSON' },
} as const

const usage = 'subagent-mcp rollback [--dry-run] [--yes] [--json]'

/** Reads the words after `rollback`. @throws SubagentError */
export function readRollbackOrder(words: readonly string[]): RollbackOrder {
  const { values, positionals } = readWords(words, rollbackFlags, usage)
  noWord(positionals, usage)
  const { 'dry-run': dryRun = false, yes = false, json = false } = values
  return { dryRun, yes, json }
}
