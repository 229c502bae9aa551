import type { DaemonConnection } from './shim/say-hello.js'
import type { ShimHello } from '@subagent-mcp/daemon'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { forwardedVariables } from '@subagent-mcp/installer'
import type { Socket } from 'node:net'
import { carryHostMessages } from './shim/carry-host-messages.js'
import { connectNextDaemon, connectFirstDaemon } from './shim/connect-daemon.js'
import { connectLocalSocket } from '@subagent-mcp/client'
import { selectDefinedVariables } from '@subagent-mcp/contract'
import { exitCode, endProcess } from './exit.js'
import { getDaemonLogPath, getDaemonSocketPath } from './daemon/daemon-paths.js'
import { version } from './version.js'
import { pluginYieldsToSetup } from './plugin-yields-to-setup.js'

// The entry of the shim, which hosts run: a pipe into the daemon. For a fast start it imports no schemas, SDKs or drivers.
void run()

async function run(): Promise<void> {
  dropEmpty()
  const folder = ownFolder()
  if (pluginYieldsToSetup(process.argv[4], { project: findProjectRoot(folder), hooks: false })) {
    const { serveNoTools: serveNothing } = await import('./shim/serve-no-tools.js')
    serveNothing()
    return
  }
  const words = hello(folder)
  const first = await connectFirstDaemon(words, connectOrStartDaemon()).catch(serveAlone)
  if (first) await serveFrom(first, words)
}

/** Serves the host through one daemon after another: whenever a daemon ends, connects to the next. */
async function serveFrom(first: DaemonConnection, words: ShimHello): Promise<never> {
  const { serve, waiting } = carryHostMessages()
  for (let daemon = first; ; daemon = await connectNextDaemon(words, waiting)) {
    await serve(daemon)
    process.stderr.write(`subagent-mcp: ${lost()}\n`)
  }
}

/** Deletes empty variables. Gemini CLI forwards unset variables as empty ones, and CLIs of providers treat an empty key as a key. */
function dropEmpty(): void {
  for (const name of forwardedVariables)
    if (process.env[name] === '') Reflect.deleteProperty(process.env, name)
}

/**
 * Returns a function that connects to the daemon. The first call starts a daemon only after the host has sent a message, because
 * some hosts only check whether the program starts.
 */
function connectOrStartDaemon(): () => Promise<Socket> {
  let isFirst = true
  return async () => {
    const socket = isFirst ? await connectLocalSocket(getDaemonSocketPath(process.env, version)) : undefined
    if (isFirst && !socket && !(await hostSendsInput())) endProcess(exitCode.done)
    isFirst = false
    return socket ?? startDaemon()
  }
}

async function startDaemon(): Promise<Socket> {
  const { startDaemon: start } = await import('./daemon/start-daemon.js')
  return start(process.env)
}

/** Serves MCP in this process when no daemon can be started, because otherwise the host would have no tools. */
async function serveAlone(reason: unknown): Promise<void> {
  if (!(await hostSendsInput())) endProcess(exitCode.done)
  const { printError } = await import('./print-error.js')
  printError(reason)
  process.stderr.write('subagent-mcp: serving without a daemon: agents end with this session\n')
  const { serveMcpInProcess } = await import('./serve-in-process.js')
  await serveMcpInProcess()
}

/** Returns the current folder. Exits if the folder was removed, because no agent can be launched in it. */
function ownFolder(): string {
  try {
    return process.cwd()
  } catch {
    process.stderr.write('subagent-mcp: the current folder no longer exists: start it in another folder\n')
    endProcess(exitCode.failed)
  }
}

function hello(cwd: string): ShimHello {
  const environment = selectDefinedVariables(process.env)
  return { subagentMcp: 1, cwd, environment, pid: process.pid, version, key: newKey() }
}

/** Creates the secret by which every daemon recognizes this caller. It is sent to daemons only. */
function newKey(): string {
  return `${crypto.randomUUID()}-${crypto.randomUUID()}`
}

function lost(): string {
  return `the daemon has ended (see ${getDaemonLogPath(process.env, version)}); connecting to the next one when it starts`
}

/** Whether the host sends anything before it closes stdin; some hosts start a server only to see whether it starts. Reads no byte. */
function hostSendsInput(): Promise<boolean> {
  const { stdin } = process
  return new Promise((resolve) => {
    stdin.once('readable', () => {
      resolve(stdin.readableLength > 0)
    })
    stdin.once('error', () => {
      resolve(false)
    })
  })
}
