import { defineCommand } from 'citty'
import { atTerminal } from '../../terminal/at-terminal.js'
import { logsFlags, readLogsOrder } from './logs-order.js'
import { showLogs } from './logs-show.js'

/** Shows what an agent was told, said and did. */
export const logs = defineCommand({
  meta: { name: 'logs', description: 'Show the transcript of an agent' },
  args: {
    agent: { type: 'positional', required: false, description: 'Its id, the beginning of it, or its name' },
    ...logsFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readLogsOrder(rawArgs)
    await atTerminal((desk) => showLogs(order, desk))
  },
})
