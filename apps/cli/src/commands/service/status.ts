import { defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { withRunner } from '../../releases/run-words.js'
import { hasServiceFile } from '../../service/service-file.js'
import { serviceManager } from '../../service/service-manager.js'
import { tryWords } from '../../service/try-words.js'
import { say, type Saying } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'

/** Shows the state of the service. */
export const serviceStatus = defineCommand(
  {
    description: 'Show whether the service is installed, and its state',
    flags: { json: jsonFlag },
  },
  (args) =>
    withTerminal(async (terminal) => {
      await say(terminal, args.json, await status(terminal))
      return exitCode.done
    }),
)

async function status({ environment }: Terminal): Promise<Saying> {
  const { path, look, stateIn } = serviceManager(environment)
  if (!hasServiceFile(path)) {
    const text = 'no service is installed: subagent-mcp service install'
    return { text, data: { installed: false, path } }
  }
  const told = await withRunner(environment, (run) => tryWords([look], run))
  const state = told.type === 'done' ? stateIn(told.printed) : 'unknown to the system'
  return { text: `${path}: ${state}`, data: { installed: true, path, state } }
}
