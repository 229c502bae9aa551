import { defineCommand } from 'citty'
import { withTerminal } from '../terminal/with-terminal.js'
import { modeFlags, readModeOrder } from './mode-order.js'
import { turnMode } from './mode-turn.js'

/** Turns orchestration mode on or off. */
export const mode = defineCommand({
  meta: {
    name: 'mode',
    description:
      'Orchestration mode: whether hosts must delegate every step in this project (on, off, status)',
  },
  args: modeFlags,
  run: async ({ rawArgs }) => {
    const order = readModeOrder(rawArgs)
    await withTerminal((terminal) => turnMode(order, terminal))
  },
})
