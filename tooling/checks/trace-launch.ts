import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { z } from 'zod'

const Trace = z.object({ path: z.array(z.string()), run: z.array(z.string()) })

/**
 * The source files of one `launch_agent` call in the shim and in the daemon: `path` has those that the call passes
 * through, in order; `run` has all files of which a function ran.
 */
export type LaunchTrace = Record<'shim' | 'daemon', z.infer<typeof Trace>>

/**
 * Launches an agent through its own shim and daemon, built with one file for each module, and traces the call up to the
 * start of the CLI. `claude` is a script that exits immediately. Returned paths are sources, relative to the root.
 */
export async function traceLaunch(root: string): Promise<LaunchTrace> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'trace-')))
  const preload = join(root, 'tooling/checks/dist/trace-preload.js')
  const running: ChildProcess[] = []
  try {
    await buildUnbundled(root, join(home, 'cli'))
    writeFakeClaude(join(home, 'bin'))
    const start = (name: string, args: readonly string[], end: string) => {
      const child = startTraced(home, { name, args, end, preload })
      running.push(child)
      return child
    }
    const daemon = start('daemon', ['main.js', 'daemon', 'run'], 'spawn')
    await until(() => existsSync(join(home, 'ours/run/daemon-0.0.0.sock')), daemon)
    const shim = start('shim', ['shim.js'], 'write')
    for (const message of call) shim.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
    await until(() => existsSync(join(home, 'daemon.json')), daemon)
    const read = (name: string) =>
      readTrace(join(home, `${name}.json`), { root, cli: join(home, 'cli/dist') })
    return { shim: read('shim'), daemon: read('daemon') }
  } finally {
    await Promise.all(running.map(endChild))
    rmSync(home, { recursive: true })
  }
}

/** Builds the app with one file for each module. Packages are loaded from their own `dist`. */
async function buildUnbundled(root: string, folder: string): Promise<void> {
  const cwd = join(root, 'apps/cli')
  const input = { main: 'src/main.ts', shim: 'src/shim.ts' }
  const built = await rolldown({ cwd, input, platform: 'node', external: /^[@a-z]/ })
  await built.write({ dir: join(folder, 'dist'), preserveModules: true })
  await built.close()
  for (const part of ['bin', 'package.json']) cpSync(join(cwd, part), join(folder, part), { recursive: true })
  symlinkSync(join(cwd, 'node_modules'), join(folder, 'node_modules'))
}

function writeFakeClaude(folder: string): void {
  mkdirSync(folder)
  writeFileSync(join(folder, 'claude'), '#!/bin/sh\n')
  chmodSync(join(folder, 'claude'), 0o755)
}

type Traced = { name: string; args: readonly string[]; end: string; preload: string }

function startTraced(
  home: string,
  { name, args: [script = '', ...args], end, preload }: Traced,
): ChildProcess {
  return spawn(process.execPath, ['--import', preload, join(home, 'cli/dist', script), ...args], {
    cwd: home,
    env: {
      PATH: [join(home, 'bin'), process.env['PATH']].join(delimiter),
      HOME: home,
      TMPDIR: home,
      SUBAGENT_MCP_HOME: join(home, 'ours'),
      ANTHROPIC_API_KEY: 'dummy',
      TRACE_FILE: join(home, `${name}.json`),
      TRACE_END: end,
    },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
}

const call: readonly object[] = [
  {
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'check', version: '0' } },
  },
  { method: 'notifications/initialized' },
  {
    id: 2,
    method: 'tools/call',
    params: {
      name: 'launch_agent',
      arguments: { prompt: 'Hello', task_category: 'coding', provider: 'claude' },
    },
  },
]

async function until(isSo: () => boolean, daemon: ChildProcess): Promise<void> {
  for (let waited = 0; !isSo(); waited += 20) {
    if (daemon.exitCode !== null || waited > 60_000) throw new Error('the daemon did not launch the agent')
    await pause(20)
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}

function readTrace(path: string, { root, cli }: { root: string; cli: string }): z.infer<typeof Trace> {
  const { path: through, run } = Trace.parse(JSON.parse(readFileSync(path, 'utf8')))
  const sourceOf = (url: string) => {
    const file = fileURLToPath(url)
    if (file.startsWith(cli)) return [join('apps/cli', file.slice(cli.length + 1))]
    const inPackage = /packages\/[^/]+\/dist\/.*/.exec(file.slice(root.length))
    return file.startsWith(root) && inPackage ? [inPackage[0].replace('/dist/', '/src/')] : []
  }
  const sources = (urls: readonly string[]) =>
    urls.flatMap(sourceOf).map((file) => file.replace(/\.js$/, '.ts'))
  return { path: sources(through), run: sources(run) }
}
