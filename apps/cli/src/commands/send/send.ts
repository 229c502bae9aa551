import { defineCommand } from 'citty'
import { atTerminal } from '../../terminal/at-terminal.js'
import { sendToAgent } from './send-to-agent.js'
import { readSendOrder, sendFlags } from './send-order.js'

/** Sends a message to an agent. */
export const send = defineCommand({
  meta: { name: 'send', description: 'Send a message to an agent; one whose session is closed is resumed' },
  args: {
    agent: { type: 'positional', required: false, description: 'Its id, the beginning of it, or its name' },
    text: { type: 'positional', required: false, description: 'The message; - reads stdin' },
    ...sendFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readSendOrder(rawArgs)
    await atTerminal((desk) => sendToAgent(order, desk))
  },
})
