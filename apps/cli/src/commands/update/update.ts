import { defineCommand } from 'citty'
import { withReleases } from '../../releases/release-desk.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { bringUpToDate } from './files.js'
import { readUpdateOrder, updateFlags } from './update-order.js'
import { updateProgram } from './update-program.js'

/** Brings this program, and what it wrote, up to date. */
export const update = defineCommand({
  meta: {
    name: 'update',
    description:
      'Install the newest release the way this one was, and bring what setup and init wrote up to date',
  },
  args: updateFlags,
  run: async ({ rawArgs }) => {
    const order = readUpdateOrder(rawArgs)
    if (order.does === 'follow') await withTerminal((terminal) => bringUpToDate(order, terminal))
    else await withReleases((desk) => updateProgram(order, desk))
  },
})
