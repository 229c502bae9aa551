import { defineCommand } from 'citty'
import { atTerminal } from '../../terminal/at-terminal.js'
import { warmUpAgent } from './warmup-agent.js'
import { readWarmupOrder, warmupFlags } from './warmup-order.js'

/** Starts a process before the first task. */
export const warmup = defineCommand({
  meta: { name: 'warmup', description: 'Start a process of an agent before its first task' },
  args: {
    agent: { type: 'positional', required: false, description: 'Its name: subagent-mcp agents lists them' },
    ...warmupFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readWarmupOrder(rawArgs)
    await atTerminal((desk) => warmUpAgent(order, desk))
  },
})
