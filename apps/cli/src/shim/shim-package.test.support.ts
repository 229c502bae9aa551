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
  /** The shim's script, which a host runs. */
  script: string
  chunks: readonly OutputChunk[]
  /** The shim's function that starts a daemon, by itself, so that a test can set its time limit. */
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
  await start.write({ ...shimBundle.output, dir: dist })
  const { startDaemon } = StartModule.parse(await import(join(dist, 'start-daemon.cjs')))
  mkdirSync(bin)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(bin, 'subagent-mcp.js'), fakeDaemon)
  writeFileSync(join(dist, 'serve-in-process.cjs'), fakeServer)
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
 * The script of a fake daemon, which notes each start, accepts connections and echoes what it receives. `SUBAGENT_MCP_FAKE`
 * makes it misbehave: `fails` always exits with an error, `dies` and `yields` exit at the first start with code 1 and 0,
 * `hides` never listens.
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

/** A fake server for `serve --in-process`: writes `in-process`, then echoes stdin. */
const fakeServer = `
exports.serveMcpInProcess = async () => {
  process.stdout.write('in-process\\n')
  process.stdin.pipe(process.stdout)
  await new Promise((resolve) => process.stdin.once('end', resolve))
}
`
