import { serviceState } from '@subagent-mcp/installer'
import { hasServiceFile } from '@subagent-mcp/installer'
import { serviceManager } from '@subagent-mcp/installer'
import { withCommandRunner } from '@subagent-mcp/installer'
import { jsonFlag } from '../../command/values.js'
import { terminalCommand } from '../../terminal/command-context.js'
import { printResult, type CliResult } from '../../terminal/print.js'

/** Shows the state of the service. */
export const serviceStatusCommand = terminalCommand(
  {
    description: 'Show whether the service is installed, and its state',
    examples: ['service status', 'service status --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => printResult(terminal, json, await readStatus(terminal.environment)),
)

async function readStatus(environment: NodeJS.ProcessEnv): Promise<CliResult> {
  const manager = serviceManager(environment)
  const { path } = manager
  if (!hasServiceFile(path)) {
    const text = 'no service is installed: subagent-mcp service install'
    return { text, data: { installed: false, path } }
  }
  const state =
    (await withCommandRunner(environment, (run) => serviceState(manager, run))) ?? 'unknown to the system'
  return { text: `${path}: ${state}`, data: { installed: true, path, state } }
}
