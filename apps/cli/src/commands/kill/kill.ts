import { defineCommand } from 'citty'
import { atTerminal } from '../../terminal/at-terminal.js'
import { killAgents } from './kill-agents.js'
import { killFlags, readKillOrder } from './kill-order.js'

/** Kills agents. */
export const kill = defineCommand({
  meta: { name: 'kill', description: 'End agents and every process of theirs, at once' },
  args: {
    agents: { type: 'positional', required: false, description: 'Ids, their beginnings, or names' },
    ...killFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readKillOrder(rawArgs)
    await atTerminal((desk) => killAgents(order, desk))
  },
})
