import { defineCommand } from 'citty'
import { withTerminal } from '../terminal/with-terminal.js'
import { initFiles } from './init-files.js'
import { initFlags, readInitOrder } from './init-order.js'

/** Tells hosts when to delegate. */
export const init = defineCommand({
  meta: {
    name: 'init',
    description: 'Tell hosts when to delegate: a block in AGENTS.md, CLAUDE.md and GEMINI.md',
  },
  args: initFlags,
  run: async ({ rawArgs }) => {
    const order = readInitOrder(rawArgs)
    await withTerminal((terminal) => initFiles(order, terminal))
  },
})
