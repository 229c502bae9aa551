import { pageSizes } from '@subagent-mcp/mailbox'
import {
  noEmptyFlag,
  noWord,
  onlyWord,
  readSpan,
  readWords,
  wrongUse,
  type Flags,
} from '../../terminal/read-words.js'

/** Whose messages are listed: one's own without an agent, or all there are, as the command says; how many at most. */
export type ChatListOrder = { agent?: string; limit?: number; json: boolean }

/** What waits for whom; with `read` it has been read by that. */
export type ChatInboxOrder = ChatListOrder & { read: boolean }

/** Whose next message to wait for, of which thread, and how long: without a time for as long as it takes. */
export type ChatWaitOrder = Omit<ChatListOrder, 'limit'> & { thread?: string; timeoutSeconds?: number }

/** The thread that is shown, and how much of its end. */
export type ChatThreadOrder = { id: string; limit?: number; json: boolean }

/** Whose dead letters are listed, or which one is sent anew. */
export type ChatDeadOrder = ChatListOrder & { revive?: string }

/** The flags of `chat agents`. */
export const chatAgentsFlags = {
  json: { type: 'boolean', description: 'The same as JSON' },
} as const

/** The flags of `chat threads` and `chat thread`. */
export const chatListFlags = {
  limit: {
    type: 'string',
    valueHint: 'number',
    description: `How many at most; ${pageSizes.usual} without it`,
  },
  ...chatAgentsFlags,
} as const

/** The flags of `chat inbox`. */
export const chatInboxFlags = {
  read: { type: 'boolean', description: 'Whole texts; they have been read by that, and wait no more' },
  ...chatListFlags,
} as const

/** The flags of `chat wait`. */
export const chatWaitFlags = {
  thread: { type: 'string', valueHint: 'id', description: 'Only a message of this thread' },
  timeout: { type: 'string', valueHint: 'time', description: 'Give up after 90 (seconds), 15m, 12h' },
  json: { type: 'boolean', description: 'The message as JSON' },
} as const

/** The flags of `chat dead`. */
export const chatDeadFlags = {
  revive: { type: 'string', valueHint: 'id', description: 'Gives this one to its agent anew' },
  ...chatListFlags,
} as const

/** Reads the words after `chat agents`. @throws SubagentError */
export function readChatAgentsOrder(words: readonly string[]): Pick<ChatListOrder, 'json'> {
  const usage = 'subagent-mcp chat agents [--json]'
  const { values, positionals } = readWords(words, chatAgentsFlags, usage)
  noWord(positionals, usage)
  return { json: false, ...values }
}

/** Reads the words after `chat threads`. @throws SubagentError */
export function readChatThreadsOrder(words: readonly string[]): ChatListOrder {
  const usage = 'subagent-mcp chat threads [<agent>] [--limit <number>] [--json]'
  const { agent, values } = readAgent(words, chatListFlags, usage)
  return { ...agent, ...readPage(values, usage) }
}

/** Reads the words after `chat thread`. @throws SubagentError */
export function readChatThreadOrder(words: readonly string[]): ChatThreadOrder {
  const usage = 'subagent-mcp chat thread <id> [--limit <number>] [--json]'
  const { values, positionals } = readWords(words, chatListFlags, usage)
  return { id: onlyWord(positionals, 'thread', usage), ...readPage(values, usage) }
}

/** Reads the words after `chat inbox`. @throws SubagentError */
export function readChatInboxOrder(words: readonly string[]): ChatInboxOrder {
  const usage = 'subagent-mcp chat inbox [<agent>] [--read] [--limit <number>] [--json]'
  const { agent, values } = readAgent(words, chatInboxFlags, usage)
  return { ...agent, read: values.read ?? false, ...readPage(values, usage) }
}

/** Reads the words after `chat wait`. @throws SubagentError */
export function readChatWaitOrder(words: readonly string[]): ChatWaitOrder {
  const usage = 'subagent-mcp chat wait [<agent>] [--thread <id>] [--timeout <time>] [--json]'
  const { agent, values } = readAgent(words, chatWaitFlags, usage)
  const { timeout, json = false, ...said } = values
  noEmptyFlag(said, usage)
  return {
    ...agent,
    json,
    ...said,
    ...(timeout !== undefined && { timeoutSeconds: readSpan(timeout, '--timeout', usage) }),
  }
}

/** Reads the words after `chat dead`. @throws SubagentError */
export function readChatDeadOrder(words: readonly string[]): ChatDeadOrder {
  const usage =
    'subagent-mcp chat dead [<agent>] [--limit <number>] [--json], or chat dead --revive <id> [--json]'
  const { agent, values } = readAgent(words, chatDeadFlags, usage)
  const { revive } = values
  if (revive === undefined) return { ...agent, ...readPage(values, usage) }
  noEmptyFlag({ revive }, usage)
  if (agent.agent !== undefined || values.limit !== undefined)
    throw wrongUse('--revive takes a message, and nothing beside it', usage)
  return { revive, json: values.json ?? false }
}

type PageFlags = { limit?: string; json?: boolean }

function readPage({ limit, json = false }: PageFlags, usage: string): { limit?: number; json: boolean } {
  if (limit === undefined) return { json }
  if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > pageSizes.longest)
    throw wrongUse(`--limit takes a number from 1 to ${pageSizes.longest}, not '${limit}'`, usage)
  return { limit: Number(limit), json }
}

function readAgent<const Known extends Flags>(words: readonly string[], flags: Known, usage: string) {
  const { values, positionals } = readWords(words, flags, usage)
  const agent: { agent?: string } =
    positionals.length > 0 ? { agent: onlyWord(positionals, 'agent', usage) } : {}
  return { agent, values }
}
