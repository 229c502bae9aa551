import { serviceManager, uninstallService, withRunner } from '@subagent-mcp/installer'
import { defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { say } from '../../terminal/say.js'
import { withTerminal } from '../../terminal/with-terminal.js'

/** Removes the service. */
export const serviceUninstall = defineCommand(
  { description: 'Stop the service and remove its file', flags: { json: jsonFlag } },
  ({ json }) =>
    withTerminal(async (terminal) => {
      const { environment } = terminal
      const { removed, lines } = await withRunner(environment, (run) =>
        uninstallService(serviceManager(environment), run),
      )
      await say(terminal, json, { text: lines.join('\n'), data: { removed } })
      return exitCode.done
    }),
)
