import { defineCommand } from 'citty'
import { workersStatusFlags } from './workers/workers-order.js'

/** What there is to do with the workers of this machine; without a word more, what they are at. */
export const workers = defineCommand({
  meta: { name: 'workers', description: 'Look at the workers of this machine, and stop them' },
  args: workersStatusFlags,
  default: 'status',
  subCommands: {
    status: () => import('./workers/status.js').then(({ workersStatus }) => workersStatus),
    logs: () => import('./workers/logs.js').then(({ workersLogs }) => workersLogs),
    stop: () => import('./workers/stop.js').then(({ workersStop }) => workersStop),
  },
})
