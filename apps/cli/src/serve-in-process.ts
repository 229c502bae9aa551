import { serveMcp } from '@subagent-mcp/mcp-server'
import { openRuntime } from './open-runtime.js'
import { exitCode, endProcess } from './exit.js'
import { printError } from './print-error.js'
import { version } from './version.js'

/** Serves MCP from this process, without a daemon. Exits when the host has ended, and ends all agents then. */
export async function serveMcpInProcess(): Promise<void> {
  try {
    await serveUntilHostGone()
  } catch (error) {
    printError(error)
    endProcess(exitCode.failed)
  }
  endProcess(exitCode.done)
}

async function serveUntilHostGone(): Promise<void> {
  const environment = { ...process.env }
  const log = (line: string): void => {
    process.stderr.write(`subagent-mcp: ${line}\n`)
  }
  const runtime = openRuntime({ kind: 'in-process', environment, version, log })
  const connection = runtime.connect({
    cwd: process.cwd(),
    environment,
    pid: process.pid,
  })
  const stopServing = serveMcp({
    ...connection,
    version,
    input: process.stdin,
    output: process.stdout,
    onProblem: ({ message }) => {
      log(message)
    },
  })
  await hostGone()
  // Tool calls are stopped first, because an agent that they launch now would end unreported.
  await stopServing()
  await runtime.close()
}

/** Resolves when the host of this MCP server has ended: at the end of stdin, at a signal, or when stdout is closed. */
function hostGone(): Promise<void> {
  return new Promise((resolve) => {
    const gone = (): void => {
      resolve()
    }
    process.stdin.once('end', gone).once('close', gone).once('error', gone)
    process.stdout.once('error', gone)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, gone)
  })
}
