import type { Message } from '@subagent-mcp/mailbox'
import { visibleText } from '@subagent-mcp/mcp-server'
import { localDate } from '../../local-date.js'
import { plural } from '../../terminal/format.js'
import { clockTime } from '../../terminal/clock-time.js'
import type { Paint } from '../../terminal/paint.js'
import { visibleLine } from '../../terminal/questions/question-text.js'

/** A message whole: who wrote to whom, when, and what. It ends with an empty line. */
export function messageText(message: Message, paint: Paint): string {
  const { from, to, sentAt, body } = message
  const model = from.model === undefined ? '' : ` (${shortText(from.model)})`
  const names = `${shortText(from.name)}${model} → ${shortText(to)}`
  const when = `${localDate(sentAt)} ${clockTime(sentAt)}`
  const head = [names, ...kindRemarks(message), ...stateRemarks(message)].join(', ')
  return `${paint('dim', when)}  ${paint('bold', head)}\n${indented(body)}\n\n`
}

/** The text alone, as a person can read it. */
export function bodyText(body: string): string {
  return body.trimEnd().split(/\r?\n/).map(visibleLine).join('\n')
}

/** The text in a line, which a table cuts. */
export function bodyLine(body: string): string {
  return visibleText(body.replace(/\s+/g, ' ').trim(), longestLine)
}

/** A name, a topic, an id: whatever another machine says it is. */
export function shortText(text: string): string {
  return visibleText(text, longestName)
}

/** What it is, where it is no message to one. */
export function kindRemarks({ kind, topic = '', severity = 'info' }: Message): string[] {
  if (kind === 'direct') return []
  return [kind === 'event' ? `${severity} event ${shortText(topic)}` : kind]
}

/** What became of it so far; that it is handled goes without saying. */
export function stateRemarks({ status, tries, failure }: Message): string[] {
  const why = failure === undefined ? '' : `: ${visibleText(failure, longestLine)}`
  if (status === 'dead') return [`dead after ${plural(tries, 'failure')}${why}`]
  const failed = tries > 0 && status !== 'handled' ? [`failed ${plural(tries, 'time')}${why}`] : []
  return status === 'handled' ? [] : [status, ...failed]
}

function indented(body: string): string {
  return bodyText(body).replace(/^(?=.)/gm, '  ')
}

const longestLine = 200
const longestName = 100
