import { jsonFlag } from '../../command/values.js'
import { terminalCommand } from '../../terminal/command-context.js'
import { printResult } from '../../terminal/print.js'
import { serviceManager, uninstallService, withCommandRunner } from '@subagent-mcp/installer'

/** Removes the service. */
export const serviceUninstallCommand = terminalCommand(
  {
    description: 'Stop the service and remove its file',
    examples: ['service uninstall', 'service uninstall --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => {
    const { environment } = terminal
    const { removed, lines } = await withCommandRunner(environment, (run) =>
      uninstallService(serviceManager(environment), run),
    )
    return printResult(terminal, json, { text: lines.join('\n'), data: { removed } })
  },
)
