import { defineCommand } from 'citty'
import { atTerminal } from '../../terminal/at-terminal.js'
import { readRunOrder, runFlags } from './run-order.js'
import { runPrompt } from './run-prompt.js'

/** Launches an agent and stays with it. */
export const run = defineCommand({
  meta: {
    name: 'run',
    description: 'Launch an agent and stream what it says; Ctrl-C ends its turn, twice kills it',
  },
  args: {
    prompt: { type: 'positional', required: false, description: 'What it is to do; - reads stdin' },
    ...runFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readRunOrder(rawArgs)
    await atTerminal((desk) => runPrompt(order, desk))
  },
})
