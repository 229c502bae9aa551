import { Severity, severities } from '@subagent-mcp/mailbox'
import { noEmptyFlag, readWords, wrongUse } from '../../terminal/read-words.js'

/** What to tell all who want to hear of a topic; without a text, or with `-`, it is stdin. */
export type PublishOrder = {
  topic: string
  text?: string
  severity: Severity
  key?: string
  /** About all projects, and not only that of the folder. */
  everywhere: boolean
  from?: string
  json: boolean
}

/** The flags of `publish`. */
export const publishFlags = {
  severity: {
    type: 'string',
    valueHint: 'level',
    description: `${severities.join(', ')}; info without it. From high on it wakes agents, unless they say otherwise`,
  },
  key: {
    type: 'string',
    valueHint: 'text',
    description: 'Of your own: an event with the same key goes out once',
  },
  everywhere: { type: 'boolean', description: "Also to agents that want only their own project's events" },
  from: { type: 'string', valueHint: 'name', description: 'Who you are; your login name without it' },
  json: { type: 'boolean', description: 'To whom it went as JSON' },
} as const

/** How it is called. */
export const publishUsage =
  `subagent-mcp publish <topic> <text ...|-> [--severity ${severities.join('|')}] [--key <text>] [--from <name>] ` +
  '[--everywhere] [--json]; a text may come through a pipe'

/** Reads the words after `publish`. @throws SubagentError */
export function readPublishOrder(words: readonly string[]): PublishOrder {
  const { values, positionals } = readWords(words, publishFlags, publishUsage)
  const [topic = '', ...text] = positionals
  if (topic.trim() === '') throw wrongUse('there is no topic', publishUsage)
  const { severity = 'info', json = false, everywhere = false, ...said } = values
  noEmptyFlag(said, publishUsage)
  return {
    topic,
    json,
    everywhere,
    ...said,
    severity: readSeverity(severity),
    ...(text.length > 0 && { text: text.join(' ') }),
  }
}

function readSeverity(text: string): Severity {
  const read = Severity.safeParse(text)
  if (read.success) return read.data
  throw wrongUse(`--severity is one of ${severities.join(', ')}, not '${text}'`, publishUsage)
}
