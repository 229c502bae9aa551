import { readonlyListSchema, looseObjectSchema, mailMessageShape, pickSchemaKeys } from '@subagent-mcp/api'
import { mailPageSizes } from '@subagent-mcp/contract'
import {
  renderMessageForModel,
  formatMessageText,
  summarizeMessage,
  untrustedMessagesNotice,
  type MailboxMessage,
} from '@subagent-mcp/mailbox'
import { z } from 'zod'
import { describeSavedText } from './cut-text.js'
import type { MessagePage, MailPort } from '../ports/mail-port.js'
import type { McpPort } from '../ports/mcp-port.js'

type Style = Pick<McpPort, 'supervisor' | 'saveText'>

/** Limits of the mail in a tool answer: characters of one message, of all messages and of a preview; messages of a thread or list. */
export const mailAnswerLimits = { text: 20_000, together: 60_000, firstWords: 80, messages: 100 } as const
/** The most messages of a thread that are saved to a file when not all can be shown. */
export const maxSavedThreadMessages = mailPageSizes.longest

const { status, tries, failure, seq, ...shownShape } = mailMessageShape

/** The structured content of `sync`: messages, cut as in the text of the tool's answer. */
export const NewMailData = looseObjectSchema({ messages: readonlyListSchema(looseObjectSchema(shownShape)) })
export type NewMailData = z.infer<typeof NewMailData>

/** The structured content of `chat`: the messages that were read or listed, or the one that was sent. */
export const MailData = looseObjectSchema({
  messages: readonlyListSchema(looseObjectSchema(shownShape)),
  total: z.number().describe('also those that are not in messages').exactOptional(),
  sent: looseObjectSchema({ id: z.string(), to: z.string(), thread: z.string() }).exactOptional(),
  repeated: z.boolean().describe('sent was sent by an earlier call').exactOptional(),
})
export type MailData = z.infer<typeof MailData>

/** Returns messages as structured content, cut as in the text of the tool's answer. */
export function toMailData(messages: readonly MailboxMessage[], style: Style): NewMailData {
  const shown = styleOf(messages, style)
  return { messages: messages.map((message) => dataOf(message, formatMessageText(message, shown))) }
}

/** Returns unread messages as structured content, with the beginnings of their texts. */
export function toInboxMailData({ messages, total }: MessagePage): MailData {
  const first = ({ body }: MailboxMessage): string =>
    body.slice(0, mailAnswerLimits.firstWords).toWellFormed()
  return { messages: messages.map((message) => dataOf(message, first(message))), total }
}

function dataOf(message: MailboxMessage, body: string): NewMailData['messages'][number] {
  return { ...pickSchemaKeys(message, shownShape), body }
}

/** Describes messages with their texts, marked as data that others wrote. */
export function describeMessages(messages: readonly MailboxMessage[], style: Style): string {
  const shown = styleOf(messages, style)
  return [untrustedMessagesNotice, ...messages.map((message) => renderMessageForModel(message, shown))].join(
    '\n\n',
  )
}

function styleOf(messages: readonly MailboxMessage[], { supervisor, saveText }: Style): MessageStyle {
  const limit = Math.min(mailAnswerLimits.text, Math.floor(mailAnswerLimits.together / messages.length))
  const whole = ({ id, body }: MailboxMessage): string =>
    describeSavedText(saveText(`message-${fileName(id)}`, body))
  return { now: supervisor.clock.now(), limit, whole }
}

type MessageStyle = Parameters<typeof renderMessageForModel>[1]

/** Describes a mail thread, oldest message first. Of a long thread only the newest messages are shown, and earlier ones are saved to a file. */
export function describeThread(id: string, { messages, total }: MessagePage, style: Style): string {
  const newest = messages.slice(-mailAnswerLimits.messages)
  if (newest.length === total) return describeMessages(messages, style)
  const all = { now: style.supervisor.clock.now(), limit: Infinity, whole: () => '' }
  const text = [
    untrustedMessagesNotice,
    ...messages.map((message) => renderMessageForModel(message, all)),
  ].join('\n\n')
  const kept = messages.length === total ? 'whole' : `the last ${messages.length} messages`
  const saved = describeSavedText(style.saveText(`thread-${fileName(id)}`, text), kept)
  return `[${total - newest.length} earlier messages left out; ${saved}]\n${describeMessages(newest, style)}`
}

export function describeInbox({ messages, total }: MessagePage, { supervisor }: Style): string {
  const style = { now: supervisor.clock.now(), limit: mailAnswerLimits.firstWords }
  const lines = messages.map((message) => summarizeMessage(message, style))
  const left = total - lines.length
  return [untrustedMessagesNotice, ...lines, ...(left > 0 ? [`and ${left} more`] : [])].join('\n')
}

/** Returns the next step of the model that reads the messages. */
export function describeNextMailStep(messages: readonly MailboxMessage[], { name }: MailPort): string {
  const asks = messages.some(
    ({ to, expectsReply, repliedBy }) => to === name && expectsReply && repliedBy === undefined,
  )
  return asks ? 'next: chat reply to each that wants a reply' : 'next: go on; nothing here wants a reply'
}

/** Makes a file name from a message id, which another machine may have made. */
function fileName(id: string): string {
  return id.replace(/[^\w-]/g, '_').slice(0, 64)
}
