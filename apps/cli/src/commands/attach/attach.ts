import { defineCommand } from 'citty'
import { atTerminal } from '../../terminal/at-terminal.js'
import { attachFlags, readAttachOrder } from './attach-order.js'
import { attachToSession } from './attach-session.js'

/** Goes on with an agent's session in its own CLI. */
export const attach = defineCommand({
  meta: { name: 'attach', description: "Go on with an agent's session in its own CLI" },
  args: {
    agent: { type: 'positional', required: false, description: 'Its id, the beginning of it, or its name' },
    ...attachFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readAttachOrder(rawArgs)
    await atTerminal((desk) => attachToSession(order, desk))
  },
})
