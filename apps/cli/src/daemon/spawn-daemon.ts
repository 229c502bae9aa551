import { spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { parse } from 'node:path'
import { createDaemonEnvironment, daemonNodeOptions, selectTraceVariables } from '@subagent-mcp/daemon'
import { getDaemonLogPath } from './daemon-paths.js'
import { cliScriptPath } from '../cli-script-path.js'
import { version } from '../version.js'

/** A daemon process that this process has started, and that outlives it. */
export type SpawnedDaemon = {
  /** `gone`: the daemon exited with code 0, which it does when another daemon already serves. */
  state(): 'running' | 'gone' | 'failed'
  /**
   * Returns the error that kept the process from starting, else the last 2,000 characters that this process has written to
   * the daemon's log. Empty when it wrote nothing.
   */
  lastOutput(): string
}

/** The arguments with which Node runs a daemon of this program. */
export const daemonArgs: readonly string[] = [...daemonNodeOptions, cliScriptPath, 'daemon', 'run']

/** Starts a detached daemon without the folder, terminal, streams and keys of its starter. */
export function spawnDaemon(environment: NodeJS.ProcessEnv): SpawnedDaemon {
  const log = getDaemonLogPath(environment, version)
  const descriptor = openSync(log, 'a', 0o600)
  const { size } = fstatSync(descriptor)
  const child = spawn(process.execPath, daemonArgs, {
    cwd: parse(process.execPath).root,
    env: { ...createDaemonEnvironment(environment), ...selectTraceVariables(environment) },
    detached: true,
    windowsHide: true,
    // Messages of Node itself about a crash must be in the log, too.
    stdio: ['ignore', 'ignore', descriptor],
  })
  child.unref()
  closeSync(descriptor)
  let state: ReturnType<SpawnedDaemon['state']> = 'running'
  let trouble = ''
  child.once('exit', (code) => {
    state = code === 0 ? 'gone' : 'failed'
  })
  child.once('error', (error) => {
    state = 'failed'
    trouble = error.message
  })
  return { state: () => state, lastOutput: () => trouble || readEnd(log, size) }
}

const longestOutput = 2000

function readEnd(log: string, from: number): string {
  return readFileSync(log).subarray(from).toString().trim().slice(-longestOutput)
}
