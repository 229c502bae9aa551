import { pageSizes } from '@subagent-mcp/contract'
import { renderMessage, summarizeMessage, messagesAreDataNotice, type Message } from '@subagent-mcp/mailbox'
import { describeSavedText } from './cut-text.js'
import type { MessagePage, MailPort } from '../ports/mail-port.js'
import type { McpPort } from '../ports/mcp-port.js'

type Style = Pick<McpPort, 'supervisor' | 'saveText'>

/** How much mail a tool answer shows: characters of a message, of all messages, and of a preview; messages of a thread or list. */
export const mailLimits = { text: 20_000, together: 60_000, firstWords: 80, messages: 100 } as const
/** The most messages of a thread that are saved to a file when not all can be shown. */
export const mostSavedOfThread = pageSizes.longest

/** Describes messages with their texts, marked as data that others wrote. */
export function describeMessages(messages: readonly Message[], { supervisor, saveText }: Style): string {
  const limit = Math.min(mailLimits.text, Math.floor(mailLimits.together / messages.length))
  const whole = ({ id, body }: Message): string =>
    describeSavedText(saveText(`message-${fileName(id)}`, body))
  const style = { now: supervisor.clock.now(), limit, whole }
  return [messagesAreDataNotice, ...messages.map((message) => renderMessage(message, style))].join('\n\n')
}

/** Describes a mail thread, oldest message first; of a long one the newest, with more in a file. */
export function describeThread(id: string, { messages, total }: MessagePage, style: Style): string {
  const newest = messages.slice(-mailLimits.messages)
  if (newest.length === total) return describeMessages(messages, style)
  const all = { now: style.supervisor.clock.now(), limit: Infinity, whole: () => '' }
  const text = [messagesAreDataNotice, ...messages.map((message) => renderMessage(message, all))].join('\n\n')
  const kept = messages.length === total ? 'whole' : `the last ${messages.length} messages`
  const saved = describeSavedText(style.saveText(`thread-${fileName(id)}`, text), kept)
  return `[${total - newest.length} earlier messages left out; ${saved}]\n${describeMessages(newest, style)}`
}

/** Describes unread mail in one line per message. */
export function describeInbox({ messages, total }: MessagePage, { supervisor }: Style): string {
  const style = { now: supervisor.clock.now(), limit: mailLimits.firstWords }
  const lines = messages.map((message) => summarizeMessage(message, style))
  const left = total - lines.length
  return [messagesAreDataNotice, ...lines, ...(left > 0 ? [`and ${left} more`] : [])].join('\n')
}

/** Returns the reader's next step after reading messages. */
export function nextStepOf(messages: readonly Message[], { name }: MailPort): string {
  const asks = messages.some(
    ({ to, expectsReply, repliedBy }) => to === name && expectsReply && repliedBy === undefined,
  )
  return asks ? 'next: chat reply to each that wants a reply' : 'next: go on; nothing here wants a reply'
}

/** Makes a file name from a message id, which another machine may have made. */
function fileName(id: string): string {
  return id.replace(/[^\w-]/g, '_').slice(0, 64)
}
