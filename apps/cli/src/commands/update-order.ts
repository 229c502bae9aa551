import { noWord, readWords, wrongUse } from '../terminal/read-words.js'

/** What is wanted of a newer release. */
export type UpdateOrder = { does: 'check' | 'plan' | 'update'; json: boolean }

/** The release `from` was replaced by this one: what it wrote is to be brought up to date. */
export type FollowOrder = { does: 'follow'; from: string; json: boolean }

/** The flags of `update`. */
export const updateFlags = {
  check: { type: 'boolean', description: 'Say whether there is a newer release, and no more' },
  'dry-run': { type: 'boolean', description: 'Show what would be run and written, and touch nothing' },
  after: {
    type: 'string',
    valueHint: 'release',
    description: 'That release was just replaced: only bring what setup and init wrote up to date',
  },
  json: { type: 'boolean', description: 'The same as JSON' },
} as const

const usage = 'subagent-mcp update [--check | --dry-run | --after <release>] [--json]'

/** Reads the words after `update`. @throws SubagentError */
export function readUpdateOrder(words: readonly string[]): UpdateOrder | FollowOrder {
  const { values, positionals } = readWords(words, updateFlags, usage)
  noWord(positionals, usage)
  const { check, 'dry-run': dryRun, after: from, json = false } = values
  if ([check, dryRun, from].filter((value) => value !== undefined).length > 1)
    throw wrongUse('--check, --dry-run and --after exclude each other', usage)
  if (from !== undefined) return { does: 'follow', from, json }
  return { does: check ? 'check' : dryRun ? 'plan' : 'update', json }
}
