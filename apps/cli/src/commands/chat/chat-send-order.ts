import { noEmptyFlag, readSpan, readWords, wrongUse } from '../../terminal/read-words.js'

/** What to tell whom; without a text, or with `-`, it is stdin. `wait` for its reply: without a time as long as it takes. */
export type ChatSendOrder = {
  to: string
  text?: string
  thread?: string
  key?: string
  from?: string
  wait?: { seconds?: number }
  json: boolean
}

/** The flags of `chat send`. */
export const chatSendFlags = {
  thread: { type: 'string', valueHint: 'id', description: 'In this thread; in a new one without it' },
  key: {
    type: 'string',
    valueHint: 'text',
    description: 'Of your own: a message with the same key is sent once',
  },
  from: { type: 'string', valueHint: 'name', description: 'Who you are; your login name without it' },
  wait: {
    type: 'boolean',
    description: 'Wait for the reply, and print it; a time may follow: --wait 90, --wait 15m',
  },
  json: { type: 'boolean', description: 'The message as JSON; with --wait the reply too' },
} as const

/** How it is called. */
export const chatSendUsage =
  'subagent-mcp chat send <agent> <text ...|-> [--thread <id>] [--key <text>] [--from <name>] [--wait [<time>]] ' +
  '[--json]; a text may come through a pipe'

/** Reads the words after `chat send`. @throws SubagentError */
export function readChatSendOrder(words: readonly string[]): ChatSendOrder {
  const { rest, time } = takeTime(words)
  const { values, positionals } = readWords(rest, chatSendFlags, chatSendUsage)
  const [to = '', ...text] = positionals
  if (to.trim() === '') throw wrongUse('there is no agent', chatSendUsage)
  const { wait = false, json = false, ...said } = values
  noEmptyFlag(said, chatSendUsage)
  return {
    to,
    json,
    ...said,
    ...(text.length > 0 && { text: text.join(' ') }),
    ...(wait && { wait: time === undefined ? {} : { seconds: readSpan(time, '--wait', chatSendUsage) } }),
  }
}

/** Node knows no flag whose value may be missing. What comes after `--` is text. */
function takeTime(words: readonly string[]): { rest: readonly string[]; time?: string } {
  const end = words.indexOf('--')
  const flags = end < 0 ? words : words.slice(0, end)
  const at = flags.findIndex((word) => word === '--wait' || word.startsWith('--wait='))
  const [flag = '', next = ''] = flags.slice(Math.max(at, 0))
  if (at < 0) return { rest: words }
  if (flag !== '--wait') return { rest: words.toSpliced(at, 1, '--wait'), time: flag.slice('--wait='.length) }
  return /^[\d.]+[smhd]?$/.test(next) ? { rest: words.toSpliced(at + 1, 1), time: next } : { rest: words }
}
