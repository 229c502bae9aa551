import { exitCode, endProcess } from './exit.js'
import { hostSendsInput } from './shim/host-streams.js'
import { printError } from './print-error.js'

/** Serves MCP in this process when no daemon can be started, because otherwise the host would have no tools. */
export async function serveMcpWithoutDaemon(reason: unknown): Promise<void> {
  if (!(await hostSendsInput())) endProcess(exitCode.done)
  printError(reason)
  process.stderr.write('subagent-mcp: serving without a daemon: agents end with this session\n')
  const { serveMcpInProcess } = await import('./serve-in-process.js')
  await serveMcpInProcess()
}
