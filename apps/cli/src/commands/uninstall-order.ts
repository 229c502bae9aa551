import { noWord, readWords, wrongUse } from '../terminal/read-words.js'

/** How all is taken back; `purge`: the state too. */
export type UninstallOrder = { purge: boolean; dryRun: boolean; yes: boolean; json: boolean }

/** The flags of `uninstall`. */
export const uninstallFlags = {
  purge: { type: 'boolean', description: 'Also forget all agents, backups and logs' },
  'dry-run': { type: 'boolean', description: 'Show what would be taken back, and touch nothing' },
  yes: { type: 'boolean', short: 'y', alias: 'y', description: 'Do not ask' },
  json: { type: 'boolean', description: 'The same as JSON' },
} as const

const usage = 'subagent-mcp uninstall [--purge] [--dry-run] [--yes] [--json]'

/** Reads the words after `uninstall`. @throws SubagentError */
export function readUninstallOrder(words: readonly string[]): UninstallOrder {
  const { values, positionals } = readWords(words, uninstallFlags, usage)
  noWord(positionals, usage)
  const { purge = false, 'dry-run': dryRun = false, yes = false, json = false } = values
  if (json && !yes && !dryRun) throw wrongUse('--json does not ask: say --yes or --dry-run too', usage)
  return { purge, dryRun, yes, json }
}
