import { noWord, readSpan, readWords } from '../../terminal/read-words.js'

/** Which of the ended agents to forget: those that ended so many seconds ago. */
export type PruneOrder = { olderThanSeconds: number; yes: boolean; json: boolean }

/** The flags of `prune`. */
export const pruneFlags = {
  'older-than': {
    type: 'string',
    valueHint: 'time',
    description: 'Ended so long ago: 90m, 12h, 7d (the default)',
  },
  all: { type: 'boolean', description: 'All that have ended' },
  yes: { type: 'boolean', short: 'y', alias: 'y', description: 'Do not ask' },
  json: { type: 'boolean', description: 'The ids of those forgotten, as JSON' },
} as const

const usage = 'subagent-mcp prune [--older-than <time> | --all] [--yes] [--json]'

/** Reads the words after `prune`. @throws SubagentError */
export function readPruneOrder(words: readonly string[]): PruneOrder {
  const { values, positionals } = readWords(words, pruneFlags, usage)
  noWord(positionals, usage)
  const { all = false, yes = false, json = false, 'older-than': age = '7d' } = values
  return { olderThanSeconds: all ? 0 : readSpan(age, '--older-than', usage), yes, json }
}
