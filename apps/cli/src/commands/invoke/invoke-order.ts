import { readSpan, readWords, wrongUse } from '../../terminal/read-words.js'

/** Who is to do what; without a task, or with `-`, it is stdin. */
export type InvokeOrder = {
  agent: string
  task?: string
  timeoutSeconds?: number
  cwd?: string
  json: boolean
}

/** The flags of `invoke`. */
export const invokeFlags = {
  timeout: {
    type: 'string',
    valueHint: 'time',
    description: "What it may take: 90 (seconds), 15m; the definition's own without it",
  },
  cwd: { type: 'string', valueHint: 'folder', description: 'As if called there; here without it' },
  json: { type: 'boolean', description: 'The agent and its answer as JSON, at the end' },
} as const

/** How it is called. */
export const invokeUsage =
  'subagent-mcp invoke <agent> <task ...|-> [--timeout <time>] [--cwd <folder>] [--json]; a task may come through a pipe'

/** Reads the words after `invoke`. @throws SubagentError */
export function readInvokeOrder(words: readonly string[]): InvokeOrder {
  const { values, positionals } = readWords(words, invokeFlags, invokeUsage)
  const [agent, ...task] = positionals
  if (agent === undefined || agent.trim() === '') throw wrongUse('there is no agent', invokeUsage)
  const { timeout, cwd, json = false } = values
  const timeoutSeconds = timeout === undefined ? undefined : readSpan(timeout, '--timeout', invokeUsage)
  if (timeoutSeconds === 0) throw wrongUse('--timeout 0 leaves no time', invokeUsage)
  if (timeoutSeconds !== undefined && timeoutSeconds > longestTask)
    throw wrongUse(`--timeout ${timeout ?? ''} is longer than 7d`, invokeUsage)
  return {
    agent,
    json,
    ...(task.length > 0 && { task: task.join(' ') }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(cwd !== undefined && { cwd }),
  }
}

/** In seconds: a week, as long as the daemon takes. */
const longestTask = 604_800
