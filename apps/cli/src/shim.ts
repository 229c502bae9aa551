import type { Hello } from '@subagent-mcp/daemon'
import { forwardedNames } from '@subagent-mcp/installer'
import type { Socket } from 'node:net'
import { carryMessages } from './shim/carry-messages.js'
import { connectAgain, connectFirst } from './shim/connect-daemon.js'
import { connectSocket } from '@subagent-mcp/client'
import { definedVariables } from './defined-variables.js'
import { exitCode, exitWith } from './exit.js'
import { hostSpeaks } from './shim/host-streams.js'
import { logPath, socketPath } from './daemon/run-folder.js'
import { version } from './version.js'
import type { Connected } from './shim/say-hello.js'

// What hosts run: a pipe into the daemon. It is as fast as what it imports: no schema, no SDK, no driver.
void run()

async function run(): Promise<void> {
  dropEmpty()
  const words = hello(ownFolder())
  const first = await connectFirst(words, reachDaemon()).catch(serveAlone)
  if (first) await serveFrom(first, words)
}

/** Serves the host for as long as it is there, whichever daemons come and go. */
async function serveFrom(first: Connected, words: Hello): Promise<never> {
  const { serve, waiting } = carryMessages()
  for (let daemon = first; ; daemon = await connectAgain(words, waiting)) {
    await serve(daemon)
    process.stderr.write(`subagent-mcp: ${lost()}\n`)
  }
}

/** Gemini CLI forwards what is not set as empty; to CLIs of providers an empty key is a key. */
function dropEmpty(): void {
  for (const name of forwardedNames) if (process.env[name] === '') Reflect.deleteProperty(process.env, name)
}

/** What connects to the daemon. A host that never speaks, as one that only probes, starts none. */
function reachDaemon(): () => Promise<Socket> {
  let isFirst = true
  return async () => {
    const socket = isFirst ? await connectSocket(socketPath(process.env, version)) : undefined
    if (isFirst && !socket && !(await hostSpeaks())) exitWith(exitCode.done)
    isFirst = false
    return socket ?? startDaemon()
  }
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
  return { subagentMcp: 1, cwd, environment, pid: process.pid, version, key: newKey() }
}

/** Makes the secret that identifies this caller to every daemon. It is sent to daemons only. */
function newKey(): string {
  return `${crypto.randomUUID()}-${crypto.randomUUID()}`
}

function lost(): string {
  return `the daemon has ended (see ${logPath(process.env, version)}); the next one is connected when it is there`
}
