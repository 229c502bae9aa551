import { defineCommand } from 'citty'
import { withReleases } from '../../releases/release-desk.js'
import { readRollbackOrder, rollbackFlags } from './rollback-order.js'
import { rollBack } from './rollback-change.js'

/** Takes back what was changed last. */
export const rollback = defineCommand({
  meta: {
    name: 'rollback',
    description:
      'Take back the last update, setup or init: its files, and of an update the release before it',
  },
  args: rollbackFlags,
  run: async ({ rawArgs }) => {
    const order = readRollbackOrder(rawArgs)
    await withReleases((desk) => rollBack(order, desk))
  },
})
