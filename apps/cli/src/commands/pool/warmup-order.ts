import { onlyWord, readWords } from '../../terminal/read-words.js'

/** Whom to warm up; `cache` also has it do one short turn. */
export type WarmupOrder = { agent: string; cache: boolean; cwd?: string; json: boolean }

/** The flags of `warmup`. */
export const warmupFlags = {
  cache: { type: 'boolean', description: "Run one short turn too: it fills the provider's prompt cache" },
  cwd: { type: 'string', valueHint: 'folder', description: 'As if called there; here without it' },
  json: { type: 'boolean', description: 'The process as JSON' },
} as const

const usage = 'subagent-mcp warmup <agent> [--cache] [--cwd <folder>] [--json]'

/** Reads the words after `warmup`. @throws SubagentError */
export function readWarmupOrder(words: readonly string[]): WarmupOrder {
  const { values, positionals } = readWords(words, warmupFlags, usage)
  return { cache: false, json: false, ...values, agent: onlyWord(positionals, 'agent', usage) }
}
