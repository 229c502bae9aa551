import { hasServiceFile, serviceManager, serviceState, withRunner } from '@subagent-mcp/installer'
import { defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { say, type Saying } from '../../terminal/say.js'
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
  const manager = serviceManager(environment)
  const { path } = manager
  if (!hasServiceFile(path)) {
    const text = 'no service is installed: subagent-mcp service install'
    return { text, data: { installed: false, path } }
  }
  const known = await withRunner(environment, (run) => serviceState(manager, run))
  const state = known ?? 'unknown to the system'
  return { text: `${path}: ${state}`, data: { installed: true, path, state } }
}
