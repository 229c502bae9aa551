import { defineCommand } from 'citty'
import { atTerminal } from '../../terminal/at-terminal.js'
import { invokeFlags, readInvokeOrder } from './invoke-order.js'
import { invokeTask } from './invoke-task.js'

/** Has a warm agent do one task. */
export const invoke = defineCommand({
  meta: {
    name: 'invoke',
    description:
      'Have a defined agent do one task in a warm process, and print its answer: exits 0, 3 failed, ' +
      '4 asks permission, 124 timed out; Ctrl-C ends it, twice kills it',
  },
  args: {
    agent: { type: 'positional', required: false, description: 'Its name: subagent-mcp agents lists them' },
    task: { type: 'positional', required: false, description: 'What it is to do; - or a pipe: stdin' },
    ...invokeFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readInvokeOrder(rawArgs)
    await atTerminal((desk) => invokeTask(order, desk))
  },
})
