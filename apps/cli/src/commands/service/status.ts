import { jsonFlag } from '../../command/values.js'
import { withRunner } from '../../releases/run-words.js'
import { hasServiceFile } from '../../service/service-file.js'
import { serviceManager } from '../../service/service-manager.js'
import { tryWords } from '../../service/try-words.js'
import { terminalCommand } from '../../terminal/command-context.js'
import { printResult, type Result } from '../../terminal/print.js'

/** Shows the state of the service. */
export const serviceStatusCommand = terminalCommand(
  {
    description: 'Show whether the service is installed, and its state',
    examples: ['service status', 'service status --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => printResult(terminal, json, await readStatus(terminal.environment)),
)

async function readStatus(environment: NodeJS.ProcessEnv): Promise<Result> {
  const { path, look, stateIn } = serviceManager(environment)
  if (!hasServiceFile(path)) {
    const text = 'no service is installed: subagent-mcp service install'
    return { text, data: { installed: false, path } }
  }
  const told = await withRunner(environment, (run) => tryWords([look], run))
  const state = told.type === 'done' ? stateIn(told.printed) : 'unknown to the system'
  return { text: `${path}: ${state}`, data: { installed: true, path, state } }
}
