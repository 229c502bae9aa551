import type { Hello } from '@subagent-mcp/daemon'
import { forwardedNames } from '@subagent-mcp/installer'
import type { Socket } from 'node:net'
import { carryBytes } from './shim/carry-bytes.js'
import { connectSocket } from './daemon/connect-socket.js'
import { definedVariables } from './defined-variables.js'
import { exitCode, exitWith } from './exit.js'
import { hostSpeaks } from './shim/host-streams.js'
import { logPath, socketPath } from './daemon/run-folder.js'
import { version } from './version.js'

// What hosts run: a pipe into the daemon. It is as fast as what it imports: no schema, no SDK, no driver.
void run()

async function run(): Promise<void> {
  dropEmpty()
  const words = hello(ownFolder())
  try {
    const socket = await reachDaemon()
    if (socket === undefined) exitWith(exitCode.done)
    carryBytes(socket, words, { again: startDaemon, alone: serveAlone, lost: lost() })
  } catch (error) {
    await serveAlone(error)
  }
}

/** Gemini CLI forwards what is not set as empty; to CLIs of providers an empty key is a key. */
function dropEmpty(): void {
  for (const name of forwardedNames) if (process.env[name] === '') Reflect.deleteProperty(process.env, name)
}

/** A host that never speaks, as one that only probes, starts no daemon. */
async function reachDaemon(): Promise<Socket | undefined> {
  const socket = await connectSocket(socketPath(process.env, version))
  return socket !== undefined || !(await hostSpeaks()) ? socket : startDaemon()
}

async function startDaemon(): Promise<Socket> {
  const { startDaemon: start } = await import('./daemon/start-daemon.js')
  return start(process.env)
}

async function serveAlone(reason: unknown): Promise<void> {
  const { serveHere } = await import('./serve-here.js')
  await serveHere(reason)
}

/** Nothing can be launched from a folder that is gone. */
function ownFolder(): string {
  try {
    return process.cwd()
  } catch {
    process.stderr.write(
      'subagent-mcp: the folder in which this was started is gone: start it in another one\n',
    )
    exitWith(exitCode.failed)
  }
}

function hello(cwd: string): Hello {
  const environment = definedVariables(process.env)
  return { subagentMcp: 1, cwd, environment, pid: process.pid, version }
}

function lost(): string {
  const log = logPath(process.env, version)
  return `the daemon has ended (see ${log}): restart this MCP server, it starts another (Claude Code: /mcp)`
}
