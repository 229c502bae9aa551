import { defineCommand } from 'citty'
import { atTerminal } from '../../terminal/at-terminal.js'
import { waitForAgents } from './wait-for-agents.js'
import { readWaitOrder, waitFlags } from './wait-order.js'

/** Waits for agents. */
export const wait = defineCommand({
  meta: {
    name: 'wait',
    description:
      'Wait until agents are done, and print their answers: exits 0, 3 failed, 4 asks permission, 124 timed out',
  },
  args: {
    agents: {
      type: 'positional',
      required: false,
      description: 'Ids or names; all that run in this project',
    },
    ...waitFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readWaitOrder(rawArgs)
    await atTerminal((desk) => waitForAgents(order, desk))
  },
})
