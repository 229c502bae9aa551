import { readSpan, readWords } from '../../terminal/read-words.js'

/** Whom to wait for (without words: all that run in this project), how long, and how it is told. */
export type WaitOrder = {
  words: readonly string[]
  until: 'any' | 'all'
  timeoutSeconds?: number
  json: boolean
}

/** The flags of `wait`. */
export const waitFlags = {
  any: { type: 'boolean', description: 'Until one of them is done' },
  timeout: { type: 'string', valueHint: 'time', description: 'Give up after 90 (seconds), 15m, 12h' },
  json: { type: 'boolean', description: 'The outcome and the answers as JSON' },
} as const

const usage = 'subagent-mcp wait [<id or name> ...] [--any] [--timeout <time>] [--json]'

/** Reads the words after `wait`. @throws SubagentError */
export function readWaitOrder(args: readonly string[]): WaitOrder {
  const { values, positionals } = readWords(args, waitFlags, usage)
  const { any, timeout, json = false } = values
  return {
    words: positionals,
    until: any ? 'any' : 'all',
    ...(timeout !== undefined && { timeoutSeconds: readSpan(timeout, '--timeout', usage) }),
    json,
  }
}
