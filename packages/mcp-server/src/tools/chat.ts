import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import type { MailboxMessage } from '@subagent-mcp/mailbox'
import { limitCallTime, describeHostTimeLimit } from '../call-time-limit.js'
import { ChatInput, parseChatAction, type ChatAction } from './chat-input.js'
import {
  describeInbox,
  describeMessages,
  describeThread,
  toInboxMailData,
  toMailData,
  MailData,
  maxSavedThreadMessages,
  describeNextMailStep,
  mailAnswerLimits,
} from '../answers/describe-mail.js'
import { requireMailbox } from '../require-mailbox.js'
import type { MailPort } from '../ports/mail-port.js'
import { defineMcpTool, type McpToolAnswer, type McpToolContext } from '../mcp-tool.js'

/**
 * The tool `chat`: messages to and from other agents. It does not set `blocks`, because a call that is repeated after a form would
 * send a message twice.
 */
export const chatTool = defineMcpTool({
  name: 'chat',
  title: 'Chat',
  description:
    'Messages between agents. send: to, text, thread (default: new). reply: message, text; once each. wait: until one comes. inbox: what waits. read: a whole thread.',
  annotations: { destructiveHint: false, openWorldHint: false },
  input: ChatInput,
  output: MailData,
  run: (input, context) => {
    const mail = requireMailbox(context)
    const order = parseChatAction(input)
    switch (order.action) {
      case 'send':
        return send(order, mail)
      case 'reply':
        return reply(order, mail)
      case 'wait':
        return wait(order, mail, context)
      case 'inbox':
        return inbox(mail, context)
      case 'read':
        return read(order, mail, context)
    }
  },
})

type Order<Action> = Omit<Extract<ChatAction, { action: Action }>, 'action'>

async function send({ to, text, thread }: Order<'send'>, mail: MailPort): Promise<McpToolAnswer<MailData>> {
  const { message, repeated } = await mail.send({ to, text, ...omitUndefined({ thread }) })
  return answer(
    () => sentData(message, repeated),
    `sent message ${message.id} to ${message.to}, thread ${message.thread}`,
    `next: chat wait thread=${message.thread} for the answer, or go on`,
  )
}

async function reply(
  { message: id, text }: Order<'reply'>,
  mail: MailPort,
): Promise<McpToolAnswer<MailData>> {
  const { message, repeated } = await mail.reply({ message: id, text })
  const done = repeated
    ? `message ${id} has its reply, ${message.id}: the first reply stays, this text was not sent`
    : `replied to message ${id} with ${message.id}, thread ${message.thread}`
  return answer(
    () => sentData(message, repeated),
    done,
    mail.byTurns ? 'next: end your turn when all is answered' : 'next: go on, or chat wait',
  )
}

async function wait(
  { thread, timeoutSeconds }: Order<'wait'>,
  mail: MailPort,
  context: McpToolContext,
): Promise<McpToolAnswer<MailData>> {
  if (thread === undefined && mail.byTurns) throw comesByTurns()
  const { signal } = context
  const where = thread === undefined ? '' : ` in thread ${thread}`
  const time = limitCallTime(context, timeoutSeconds)
  const stop = keepAlive(context, `waits for messages to ${mail.name}${where}`)
  try {
    const { messages, received } = await mail.wait({
      timeoutMs: time.timeout,
      signal,
      ...omitUndefined({ thread }),
    })
    if (signal.aborted) return answer(none, 'cancelled: nothing was taken', 'next: chat wait again')
    if (messages.length > 0) {
      const text = describeMessages(messages, context)
      return {
        ...answer(() => toMailData(messages, context), text, `\n${describeNextMailStep(messages, mail)}`),
        received,
      }
    }
    return answer(
      none,
      time.cutBy === undefined
        ? `timed out: no message${where} in ${timeoutSeconds} s`
        : `${describeHostTimeLimit(time)}: no message${where}`,
      'next: chat wait again, or go on: what comes waits for you',
    )
  } finally {
    stop()
  }
}

function comesByTurns(): SubagentError {
  return new SubagentError(
    'invalid-parameter',
    'chat wait needs thread here, because other messages come with your next turn',
    {
      hint: 'give the thread of the message that you sent, or end your turn',
    },
  )
}

async function inbox(mail: MailPort, context: McpToolContext): Promise<McpToolAnswer<MailData>> {
  const listed = await mail.inbox(mailAnswerLimits.messages)
  const data = (): MailData => toInboxMailData(listed)
  if (listed.messages.length === 0) return answer(data, 'nothing waits', 'next: chat wait')
  return answer(data, describeInbox(listed, context), 'next: sync reads them all, chat read a thread')
}

async function read(
  { thread }: Order<'read'>,
  mail: MailPort,
  context: McpToolContext,
): Promise<McpToolAnswer<MailData>> {
  const read = await mail.read(thread, maxSavedThreadMessages)
  const { messages, total, received } = read
  const data = (): MailData => ({ ...toMailData(messages.slice(-mailAnswerLimits.messages), context), total })
  return {
    ...answer(data, describeThread(thread, read, context), `\n${describeNextMailStep(messages, mail)}`),
    received,
  }
}

function sentData({ id, to, thread }: MailboxMessage, repeated: boolean): MailData {
  return { messages: [], sent: { id, to, thread }, repeated }
}

const none = (): MailData => ({ messages: [] })

function answer(data: () => MailData, ...lines: readonly string[]): McpToolAnswer<MailData> {
  return { text: lines.join('\n'), data, agents: [] }
}

/** The interval, in milliseconds, at which a waiting `chat` call sends progress to the host. */
const every = 15_000

/** Sends progress for a waiting call until the returned function is called, because hosts may end a silent call. */
function keepAlive({ supervisor, progress }: McpToolContext, message: string): () => void {
  let cancelNext = (): void => undefined
  const tell = (): void => {
    progress(message)
    cancelNext = supervisor.clock.after(every, tell)
  }
  tell()
  return () => {
    cancelNext()
  }
}
