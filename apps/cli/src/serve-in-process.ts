import { serveMcp } from '@subagent-mcp/mcp-server'
import { openRuntime } from './open-runtime.js'
import { exitCode, exitWith } from './exit.js'
import { printError } from './print-error.js'
import { version } from './version.js'

/** Serves MCP from this process, without a daemon: its agents end with it. Exits when the host is gone. */
export async function serveInProcess(): Promise<void> {
  try {
    await serveUntilHostGone()
  } catch (error) {
    printError(error)
    exitWith(exitCode.failed)
  }
  exitWith(exitCode.done)
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
  // First of all: whatever is launched from now on would die unreported.
  await stopServing()
  await runtime.close()
}

/** The host ended us, or is no more: the end of stdin, a signal, or nobody reads our stdout. */
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
