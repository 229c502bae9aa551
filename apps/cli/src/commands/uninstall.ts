import { defineCommand } from 'citty'
import { withTerminal } from '../terminal/with-terminal.js'
import { takeAllBack } from './take-all-back.js'
import { readUninstallOrder, uninstallFlags } from './uninstall-order.js'

/** Takes back what setup and init wrote. */
export const uninstall = defineCommand({
  meta: { name: 'uninstall', description: 'Take back all that setup and init wrote, everywhere' },
  args: uninstallFlags,
  run: async ({ rawArgs }) => {
    const order = readUninstallOrder(rawArgs)
    await withTerminal((terminal) => takeAllBack(order, terminal))
  },
})
