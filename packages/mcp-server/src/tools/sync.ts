import { z } from 'zod'
import { describeMessages, nextOf } from '../answers/describe-mail.js'
import { mailOf } from '../mail-of.js'
import { defineTool } from '../tool.js'

/** As many as may be not all: a mailbox gives out so many at once. */
const many = 32

/** Tells what is new for the caller; it counts as read once the host has it. */
export const sync = defineTool({
  name: 'sync',
  description: 'New messages and events for you. Each comes once.',
  annotations: { readOnlyHint: true },
  input: z.strictObject({}),
  run: async (_input, context) => {
    const mail = mailOf(context)
    const { messages, received } = await mail.news()
    if (messages.length === 0) return { text: 'nothing new', agents: [] }
    return {
      text: `${describeMessages(messages, context)}\n\n${nextOf(messages, mail)}${messages.length < many ? '' : '; then sync again: more may wait'}`,
      agents: [],
      received,
    }
  },
})
