import { defineCommand } from '../../command/define-command.js'
import { untilStopped } from '@subagent-mcp/daemon'
import { withTerminal } from '../../terminal/with-terminal.js'
import { printWorker } from './print.js'
import { runWorkerCall } from './run.js'
import { workerCall, workerSpec } from './worker-call.js'

/** Answers the messages that come for an agent, for as long as it runs. */
export const worker = defineCommand(workerSpec, (args) => {
  const call = workerCall(args, process.cwd())
  return withTerminal((terminal) =>
    call.print ? printWorker(call, terminal) : runWorkerCall(call, { terminal, stops: untilStopped() }),
  )
})
