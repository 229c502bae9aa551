import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown, type OutputChunk } from 'rolldown'
import { z } from 'zod'
import type { startDaemon as startDaemonOf } from '../daemon/start-daemon.js'
import { shimBundle } from '../../rolldown.config.js'

/** The package as a shim finds it: itself as it is shipped, beside a daemon and an in-process server that are fakes. */
export type ShimPackage = {
  /** What a host runs. */
  script: string
  chunks: readonly OutputChunk[]
  /** By itself, for a limit that a test can wait for. */
  startDaemon: StartDaemon
  remove(): void
}

type StartDaemon = typeof startDaemonOf
const StartModule = z.object({ startDaemon: z.custom<StartDaemon>() })

/** Bundles the shim from its source into a folder of its own. */
export async function buildShimPackage(): Promise<ShimPackage> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'shim-')))
  const [dist, bin] = [join(folder, 'dist'), join(folder, 'bin')]
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const shim = await rolldown({ ...shimBundle, cwd })
  const { output } = await shim.write({ ...shimBundle.output, dir: dist })
  const start = await rolldown({ ...shimBundle, cwd, input: 'src/daemon/start-daemon.ts' })
  await start.write({ dir: dist })
  const { startDaemon } = StartModule.parse(await import(join(dist, 'start-daemon.js')))
  mkdirSync(bin)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(bin, 'subagent-mcp.js'), fakeDaemon)
  writeFileSync(join(dist, 'serve-in-process.js'), fakeServer)
  return {
    script: join(dist, 'shim.cjs'),
    startDaemon,
    chunks: output.filter((part) => part.type === 'chunk'),
    remove: () => {
      rmSync(folder, { recursive: true })
    },
  }
}

/**
 * A daemon that notes each of its starts, takes each connection, and says back what it is told. A variable makes it misbehave: `fails` at its
 * start, `dies` at the first
 * one without a word, `hides` as one that starts and never answers, `yields` once as to a daemon that is on its way out.
 */
const fakeDaemon = `
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
const home = process.env.SUBAGENT_MCP_HOME
const path = join(home, 'run', 'daemon-0.0.0.sock')
const behaviour = process.env.SUBAGENT_MCP_FAKE
if (process.argv[3] === 'start') {
  if (behaviour === 'fails') console.error('no luck today')
  else {
    spawn(process.execPath, [process.argv[1], 'daemon', 'run'], { cwd: '/', detached: true, stdio: 'ignore' }).unref()
    const look = () => connect(path).on('connect', () => process.exit(0)).on('error', () => setTimeout(look, 20))
    await new Promise(look)
  }
  process.exit(1)
}
const note = { pid: process.pid, cwd: process.cwd(), words: process.argv.slice(2), variables: Object.keys(process.env) }
appendFileSync(join(home, 'starts'), JSON.stringify(note) + '\\n')
const starts = readFileSync(join(home, 'starts'), 'utf8').trim().split('\\n').length
if (behaviour === 'fails') {
  console.error('no luck today')
  process.exit(1)
}
if (behaviour === 'dies' && starts === 1) process.exit(1)
if (behaviour === 'yields' && starts === 1) process.exit(0)
if (behaviour === 'hides') setInterval(() => undefined, 1e6)
else {
  const server = createServer((socket) => {
    socket.write('{"subagentMcp":1,"version":"0.0.0"}\\n')
    socket.on('error', () => undefined).pipe(socket)
  })
  const listen = () => server.listen(path)
  server.on('error', () => {
    if (!existsSync(join(home, 'run'))) process.exit(1) // its test has ended
    const other = connect(path)
    other.on('connect', () => process.exit(0)).on('error', () => { rmSync(path, { force: true }); listen() })
  })
  listen()
}
`

/** Says where it runs, then says back what it is told. */
const fakeServer = `
export async function serveInProcess() {
  process.stdout.write('in-process\\n')
  process.stdin.pipe(process.stdout)
  await new Promise((resolve) => process.stdin.once('end', resolve))
}
`
