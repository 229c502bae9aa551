import { defineCommand } from 'citty'
import { atTerminal } from '../../terminal/at-terminal.js'
import { listAgents } from './list.js'
import { psFlags, readPsOrder } from './ps-order.js'
import { watchAgents } from './watch.js'

/** Shows the agents that there are. */
export const ps = defineCommand({
  meta: { name: 'ps', description: 'List agents: what they are, how long they run, what they do now' },
  args: psFlags,
  run: async ({ rawArgs }) => {
    const order = readPsOrder(rawArgs)
    await atTerminal((desk) => (order.watch ? watchAgents(order, desk) : listAgents(order, desk)))
  },
})
