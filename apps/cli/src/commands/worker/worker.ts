import { defineCommand } from 'citty'
import { untilStopped } from '../../daemon/stop-signals.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { readWorkerCall, workerFlags } from './worker-order.js'
import { printWorker } from './print.js'
import { runWorkerCall } from './run.js'

/** Answers the messages that come for an agent, for as long as it runs. */
export const worker = defineCommand({
  meta: {
    name: 'worker',
    description:
      'Answer the messages that come for this folder: each wakes an agent, which costs nothing while none comes. ' +
      'Ctrl-C ends it in order, twice at once; with --once it exits 0 handled, 124 nothing came, 3 failed',
  },
  args: workerFlags,
  run: async ({ rawArgs }) => {
    const call = readWorkerCall(rawArgs, process.cwd())
    await withTerminal((terminal) =>
      call.print ? printWorker(call, terminal) : runWorkerCall(call, { terminal, stops: untilStopped() }),
    )
  },
})
