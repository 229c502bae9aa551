import { defineCommand } from 'citty'
import { atTerminal } from '../../terminal/at-terminal.js'
import { forgetAgents } from './prune-agents.js'
import { pruneFlags, readPruneOrder } from './prune-order.js'

/** Forgets agents. */
export const prune = defineCommand({
  meta: { name: 'prune', description: 'Forget agents that have ended, with all that they said' },
  args: pruneFlags,
  run: async ({ rawArgs }) => {
    const order = readPruneOrder(rawArgs)
    await atTerminal((desk) => forgetAgents(order, desk))
  },
})
