import { noWord, readWords, wrongUse } from '../../terminal/read-words.js'

/** What is wanted of a newer release. */
export type UpdateOrder = { does: 'check' | 'plan' | 'update'; json: boolean }

/** A release was replaced by this one: what it wrote is to be brought up to date, as a part of the `run` that did so. */
export type FollowOrder = { does: 'follow'; run: string | undefined; json: boolean }

/** The flags of `update`. */
export const updateFlags = {
  check: { type: 'boolean', description: 'Say whether there is a newer release, and no more' },
  'dry-run': { type: 'boolean', description: 'Show what would be run and written, and touch nothing' },
  after: {
    type: 'string',
    valueHint: 'release',
    description: 'That release was just replaced: only bring what setup and init wrote up to date',
  },
  run: {
    type: 'string',
    valueHint: 'name',
    description: 'With --after: what a rollback takes back along with these files; update says it by itself',
  },
  json: { type: 'boolean', description: 'The same as JSON' },
} as const

const usage = 'subagent-mcp update [--check | --dry-run | --after <release> [--run <name>]] [--json]'

/** Reads the words after `update`. @throws SubagentError */
export function readUpdateOrder(words: readonly string[]): UpdateOrder | FollowOrder {
  const { values, positionals } = readWords(words, updateFlags, usage)
  noWord(positionals, usage)
  const { check, 'dry-run': dryRun, after, run, json = false } = values
  if ([check, dryRun, after].filter((value) => value !== undefined).length > 1)
    throw wrongUse('--check, --dry-run and --after exclude each other', usage)
  if (after !== undefined) return { does: 'follow', run, json }
  if (run !== undefined) throw wrongUse('--run goes with --after', usage)
  return { does: check ? 'check' : dryRun ? 'plan' : 'update', json }
}
