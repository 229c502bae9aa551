import { appendedLines, checkForLeaks, processesWith } from '@subagent-mcp/testkit'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { z } from 'zod'
import { buildShimPackage, type ShimPackage } from './shim-package.test.support.js'

const Start = z.object({
  pid: z.number(),
  cwd: z.string(),
  words: z.array(z.string()),
  variables: z.array(z.string()),
})

/** A host in a test, with a home folder of its own, which starts shims. */
export type ShimHost = {
  package: ShimPackage
  home: string
  /** Where the shim looks for the daemon. */
  socket: string
  /** Starts a shim. */
  start(variables?: NodeJS.ProcessEnv): RunningShim
  /** The notes that fake daemons made when they were started. */
  starts(): z.infer<typeof Start>[]
}

export type RunningShim = {
  process: ReturnType<typeof startProcess>
  write(text: string): void
  /** Ends its stdin. */
  end(): void
  stdout(): string
  stderr(): string
  /** The exit code of the shim, or the signal that ended it. */
  exit: Promise<number | string | null>
}

/** Gives each test of a file a host; ends the shims and daemons that were started. */
export function useShimHost(): () => ShimHost {
  let shimPackage: ShimPackage
  let host: ShimHost
  let running: RunningShim[]
  beforeAll(async () => {
    shimPackage = await buildShimPackage()
  })
  afterAll(() => {
    shimPackage.remove()
  })
  checkForLeaks()
  beforeEach(() => {
    running = []
    const home = join(realpathSync(mkdtempSync(join(tmpdir(), 'home-'))), 'ours')
    const socket = join(home, 'run', 'daemon-0.0.0.sock')
    host = {
      package: shimPackage,
      home,
      socket,
      start: (variables = {}) => {
        const shim = startShim(shimPackage.script, { ...environmentOf(home), ...variables })
        running.push(shim)
        return shim
      },
      starts: () => readStarts(join(home, 'starts')),
    }
  })
  afterEach(async () => {
    for (const { process: child } of running) child.kill('SIGKILL')
    await Promise.all(running.map(({ exit }) => exit))
    // A daemon that a shim has just started has written nothing yet, and would write while its folder is removed.
    await expect
      .poll(() => {
        const daemons = processesWith(host.home)
        daemons.forEach(kill)
        return daemons
      })
      .toEqual([])
    rmSync(dirname(host.home), { recursive: true })
  })
  return () => host
}

/** Makes the folder in which a test's own daemon listens. */
export function makeRunFolder({ socket }: ShimHost): void {
  mkdirSync(dirname(socket), { recursive: true })
}

function environmentOf(home: string): NodeJS.ProcessEnv {
  const { PATH, TMPDIR } = process.env
  return { PATH, TMPDIR, SUBAGENT_MCP_HOME: home, SECRET_KEY: 'secret' }
}

function startShim(script: string, environment: NodeJS.ProcessEnv): RunningShim {
  const child = startProcess(script, environment)
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('latin1').on('data', (text: string) => (stdout += text))
  child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)))
  // It may be gone before it has read all.
  child.stdin.on('error', () => undefined)
  return {
    process: child,
    write: (text) => child.stdin.write(text, 'latin1'),
    end: () => child.stdin.end(),
    stdout: () => stdout,
    stderr: () => stderr,
    exit: new Promise((resolve) => {
      child.once('close', (code, signal) => {
        resolve(code ?? signal)
      })
    }),
  }
}

function startProcess(script: string, environment: NodeJS.ProcessEnv) {
  return spawn(process.execPath, [script, 'serve'], { env: environment, stdio: 'pipe' })
}

function readStarts(path: string): ReturnType<ShimHost['starts']> {
  return appendedLines(path).map((line) => Start.parse(JSON.parse(line)))
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It went by itself, as one does that finds another at work.
  }
}
