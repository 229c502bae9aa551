import { defineCommand } from 'citty'
import { atTerminal } from '../../terminal/at-terminal.js'
import { listPool } from './pool-list.js'
import { poolFlags, readPoolOrder } from './pool-order.js'

/** Lists the warm processes of agents. */
export const pool = defineCommand({
  meta: {
    name: 'pool',
    description: 'List the warm processes of the agents that are defined here, and what their tasks took',
  },
  args: poolFlags,
  run: async ({ rawArgs }) => {
    const order = readPoolOrder(rawArgs)
    await atTerminal((desk) => listPool(order, desk))
  },
})
