import type { MailboxMessage } from '@subagent-mcp/mailbox'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { escapeTerminalLine } from '../../terminal/text.js'
import { formatLocalDateTime, formatCountWithNoun } from '../../terminal/format.js'
import type { TextPaint } from '../../terminal/paint.js'

/** Renders a message with its sender, receiver, time and text, followed by an empty line. */
export function formatMailMessage(message: MailboxMessage, paint: TextPaint): string {
  const { from, to, sentAt, body } = message
  const model = from.model === undefined ? '' : ` (${escapeMailName(from.model)})`
  const names = `${escapeMailName(from.name)}${model} → ${escapeMailName(to)}`
  const head = [names, ...describeMailKind(message), ...describeMailState(message)].join(', ')
  return `${paint('dim', formatLocalDateTime(sentAt))}  ${paint('bold', head)}\n${indented(body)}\n\n`
}

/** Renders the text of a mailbox message safely, line by line. */
export function formatMailBody(body: string): string {
  return body.trimEnd().split(/\r?\n/).map(escapeTerminalLine).join('\n')
}

export function formatMailBodyLine(body: string): string {
  return revealInvisibleCharacters(body.replace(/\s+/g, ' ').trim(), longestLine)
}

/** Renders a name, topic or id of a message, which may come from another machine. */
export function escapeMailName(text: string): string {
  return revealInvisibleCharacters(text, longestName)
}

/** Describes the kind of a message, unless it is a direct message to one agent. */
export function describeMailKind({ kind, topic = '', severity = 'info' }: MailboxMessage): string[] {
  if (kind === 'direct') return []
  return [kind === 'event' ? `${severity} event ${escapeMailName(topic)}` : kind]
}

/** Describes the state of a mailbox message, unless it is handled. */
export function describeMailState({ status, tries, failure }: MailboxMessage): string[] {
  const why = failure === undefined ? '' : `: ${revealInvisibleCharacters(failure, longestLine)}`
  if (status === 'dead') return [`dead after ${formatCountWithNoun(tries, 'failure')}${why}`]
  const failed =
    tries > 0 && status !== 'handled' ? [`failed ${formatCountWithNoun(tries, 'time')}${why}`] : []
  return status === 'handled' ? [] : [status, ...failed]
}

function indented(body: string): string {
  return formatMailBody(body).replace(/^(?=.)/gm, '  ')
}

const longestLine = 200
const longestName = 100
