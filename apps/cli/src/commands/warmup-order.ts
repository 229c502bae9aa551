import { onlyWord, readWords } from '../terminal/read-words.js'

/** Whom to warm up; `cache` also has it do one short turn. */
export type WarmupOrder = { agent: string; cache: boolean; json: boolean }

/** The flags of `warmup`. */
export const warmupFlags = {
  cache: { type: 'boolean', description: "Run one short turn too: it fills the provider's prompt cache" },
  json: { type: 'boolean', description: 'The process as JSON' },
} as const

const usage = 'subagent-mcp warmup <agent> [--cache] [--json]'

/** Reads the words after `warmup`. @throws SubagentError */
export function readWarmupOrder(words: readonly string[]): WarmupOrder {
  const { values, positionals } = readWords(words, warmupFlags, usage)
  const { cache = false, json = false } = values
  return { agent: onlyWord(positionals, 'agent', usage), cache, json }
}
