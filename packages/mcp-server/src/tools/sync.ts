import { z } from 'zod'
import { describeMessages, NewMailData, toMailData, describeNextMailStep } from '../answers/describe-mail.js'
import { requireMailbox } from '../require-mailbox.js'
import { defineMcpTool } from '../mcp-tool.js'

/** The most messages in one answer of the mailbox; with this many, more may wait. */
const many = 32

export const syncTool = defineMcpTool({
  name: 'sync',
  title: 'Read mail',
  description: 'New messages and events for you. Each comes once.',
  annotations: { readOnlyHint: true },
  input: z.strictObject({}),
  output: NewMailData,
  run: async (_input, context) => {
    const mail = requireMailbox(context)
    const { messages, received } = await mail.news()
    if (messages.length === 0) return { text: 'nothing new', data: () => toMailData([], context), agents: [] }
    return {
      text: `${describeMessages(messages, context)}\n\n${describeNextMailStep(messages, mail)}${messages.length < many ? '' : '; then sync again: more may wait'}`,
      data: () => toMailData(messages, context),
      agents: [],
      received,
    }
  },
})
