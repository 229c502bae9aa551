import { checkForLeaks, processesWith } from '@subagent-mcp/testkit'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, inject } from 'vitest'

/** The whole command as it is shipped, and an own home folder in which a test runs it. */
export type CliRuntime = {
  home: string
  environment: NodeJS.ProcessEnv
  /** Runs a command until it ends, and returns its exit code and output. */
  run(words: readonly string[], variables?: NodeJS.ProcessEnv): Promise<RunResult>
  /** Starts a command, and returns its running process. */
  start(words: readonly string[], variables?: NodeJS.ProcessEnv): ReturnType<typeof spawnCli>
  /** Returns the daemon's log so far. */
  log(): string
}

/** The exit code and the output of a command that has ended. */
export type RunResult = { code: number | null; stdout: string; stderr: string }

/** Gives each test of a file its own home for the shipped command, and kills the processes that it started. */
export function useCliRuntime(): () => CliRuntime {
  let runtime: CliRuntime
  checkForLeaks()
  beforeEach(() => {
    runtime = openCliRuntime(join(inject('cli'), 'bin/subagent-mcp.js'))
  })
  afterEach(async () => {
    for (let left = processesOf(runtime); left.length > 0; left = processesOf(runtime)) {
      for (const pid of left) kill(pid)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    rmSync(runtime.home, { recursive: true })
  })
  return () => runtime
}

function openCliRuntime(script: string): CliRuntime {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'house-')))
  const { PATH, TMPDIR } = process.env
  const environment = { PATH, TMPDIR, HOME: home, USERPROFILE: home, SUBAGENT_MCP_HOME: join(home, 'ours') }
  const start: CliRuntime['start'] = (words, variables = {}) =>
    spawnCli([script, ...words], { ...environment, ...variables })
  return {
    home,
    environment,
    start,
    run: (words, variables) => {
      const child = start(words, variables)
      child.stdin.end()
      return untilProcessEnds(child)
    },
    log: () => readFileSync(join(home, 'ours/daemon-0.0.0.log'), 'utf8'),
  }
}

function spawnCli(args: readonly string[], environment: NodeJS.ProcessEnv) {
  return spawn(process.execPath, args, { env: environment, stdio: 'pipe' })
}

/** Resolves when a process has ended, with its exit code and all that it wrote. */
export function untilProcessEnds(child: ReturnType<typeof spawnCli>): Promise<RunResult> {
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)))
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, stdout, stderr })
    })
  })
}

function processesOf({ home }: CliRuntime): number[] {
  return processesWith(`HOME=${home}`).filter((pid) => pid !== process.pid)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It went by itself.
  }
}
