import { defineCommand } from 'citty'
import { atTerminal } from '../../terminal/at-terminal.js'
import { resetPool } from './reset-pool.js'
import { readResetOrder, resetFlags } from './reset-order.js'

/** Ends the warm processes of an agent. */
export const reset = defineCommand({
  meta: {
    name: 'reset',
    description: 'End all warm processes of an agent, and the tasks they work on; the next starts afresh',
  },
  args: {
    agent: { type: 'positional', required: false, description: 'Its name: subagent-mcp pool lists them' },
    ...resetFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readResetOrder(rawArgs)
    await atTerminal((desk) => resetPool(order, desk))
  },
})
