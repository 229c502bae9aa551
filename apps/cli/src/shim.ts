import type { Hello } from '@subagent-mcp/daemon'
import type { Socket } from 'node:net'
import { carryBytes } from './carry-bytes.js'
import { connectSocket } from './connect-socket.js'
import { definedVariables } from './defined-variables.js'
import { exitCode, exitWith } from './exit.js'
import { hostSpeaks } from './host-streams.js'
import { logPath, socketPath } from './run-folder.js'
import { version } from './version.js'

// What hosts run: a pipe into the daemon. It is as fast as what it imports: no schema, no SDK, no driver.
void run()

async function run(): Promise<void> {
  try {
    const socket = await reachDaemon()
    if (socket === undefined) exitWith(exitCode.done)
    carryBytes(socket, hello(), lost())
  } catch (error) {
    const { serveHere } = await import('./serve-here.js')
    await serveHere(error)
  }
}

/** A host that never speaks, as one that only probes, starts no daemon. */
async function reachDaemon(): Promise<Socket | undefined> {
  const socket = await connectSocket(socketPath(process.env, version))
  if (socket !== undefined || !(await hostSpeaks())) return socket
  const { startDaemon } = await import('./start-daemon.js')
  return startDaemon(process.env)
}

function hello(): Hello {
  const environment = definedVariables(process.env)
  return { subagentMcp: 1, cwd: process.cwd(), environment, pid: process.pid, version }
}

function lost(): string {
  const log = logPath(process.env, version)
  return `the daemon has ended (see ${log}): restart this MCP server, it starts another`
}
