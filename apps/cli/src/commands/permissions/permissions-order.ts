import type { ApprovalDecision } from '@subagent-mcp/contract'
import { noWord, readWords, wrongUse } from '../../terminal/read-words.js'

/** How the questions are shown. */
export type ListOrder = { watch: boolean; json: boolean }

/** The answer to a question of the agent that `word` means; without `requestId` to its only one. */
export type AnswerOrder = {
  decision: ApprovalDecision
  word: string
  requestId?: string
  reason?: string
  json: boolean
}

/** Which lines of the log are shown. */
export type LogOrder = { agent?: string; limit: number; json: boolean }

/** The flags of `permissions`. */
export const listFlags = {
  watch: { type: 'boolean', description: 'Go on with those that come, and ask, until Ctrl-C' },
  json: { type: 'boolean', description: 'The same as JSON; with --watch a line for each change' },
} as const

/** The flags of `permissions allow` and `permissions deny`. */
export const answerFlags = {
  reason: { type: 'string', valueHint: 'text', description: 'Why: the agent reads it, and the log keeps it' },
  json: { type: 'boolean', description: 'What was answered, as JSON' },
} as const

/** The flags of `permissions log`. */
export const logFlags = {
  agent: {
    type: 'string',
    valueHint: 'id',
    description: 'Only of this agent: its id, the beginning of it, or its name',
  },
  limit: { type: 'string', valueHint: 'number', description: 'How many at most; 100 without it' },
  json: { type: 'boolean', description: 'The same as JSON' },
} as const

/** Reads the words after `permissions` or `permissions list`. @throws SubagentError */
export function readListOrder(words: readonly string[]): ListOrder {
  const usage = 'subagent-mcp permissions [--watch] [--json], or permissions allow, deny, log'
  const { values, positionals } = readWords(words, listFlags, usage)
  noWord(positionals, usage)
  return { watch: false, json: false, ...values }
}

/** Reads the words after `permissions allow` or `permissions deny`. @throws SubagentError */
export function readAnswerOrder(decision: ApprovalDecision, words: readonly string[]): AnswerOrder {
  const usage = `subagent-mcp permissions ${decision} <id or name> [<request>] [--reason "<text>"] [--json]`
  const { values, positionals } = readWords(words, answerFlags, usage)
  const [word = '', requestId, ...surplus] = positionals
  if (word.trim() === '') throw wrongUse('there is no agent', usage)
  if (requestId?.trim() === '') throw wrongUse('the request is empty', usage)
  noWord(surplus, usage)
  return { decision, word, json: false, ...(requestId !== undefined && { requestId }), ...values }
}

/** Reads the words after `permissions log`. @throws SubagentError */
export function readLogOrder(words: readonly string[]): LogOrder {
  const usage = 'subagent-mcp permissions log [--agent <id or name>] [--limit <number>] [--json]'
  const { values, positionals } = readWords(words, logFlags, usage)
  noWord(positionals, usage)
  const { agent, limit = '100', json = false } = values
  if (agent?.trim() === '') throw wrongUse('--agent is empty', usage)
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > mostRecords)
    throw wrongUse(`--limit takes a number from 1 to ${mostRecords}, not '${limit}'`, usage)
  return { limit: Number(limit), json, ...(agent !== undefined && { agent }) }
}

/** As many lines of the log as the daemon tells. */
export const mostRecords = 1_000
