import { onlyWord, readWords } from '../../terminal/read-words.js'

/** Whose transcript is shown, and how. */
export type LogsOrder = { word: string; follow: boolean; json: boolean }

/** The flags of `logs`. */
export const logsFlags = {
  follow: { type: 'boolean', short: 'f', alias: 'f', description: 'Go on until the agent ends, or Ctrl-C' },
  json: { type: 'boolean', description: 'The facts, a line of JSON each' },
} as const

const usage = 'subagent-mcp logs <id or name> [--follow] [--json]'

/** Reads the words after `logs`. @throws SubagentError */
export function readLogsOrder(words: readonly string[]): LogsOrder {
  const { values, positionals } = readWords(words, logsFlags, usage)
  const { follow = false, json = false } = values
  return { word: onlyWord(positionals, 'agent', usage), follow, json }
}
