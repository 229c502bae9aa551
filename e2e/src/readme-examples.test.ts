import {
  checkForLeaks,
  defineAgent,
  installFakeAcp,
  installFakeClaude,
  installFakeCodex,
  startNats,
  temporaryHome,
  thorough,
  type TemporaryHome,
} from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { daemonSockets, endDaemons } from './home-daemons.js'
import { startRegistry } from './loopback-registry.js'
import { serverScript } from './mcp-host.js'

const initialize = JSON.stringify({
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
})
const sessionStart = '{ "hook_event_name": "SessionStart", "session_id": "s", "cwd": "." }'

/** For the example of each package: what its output contains, and what it reads on stdin. */
const runs: Readonly<Record<string, { prints: string; input?: string }>> = {
  api: { prints: 'POST /v1/agents takes prompt' },
  client: { prints: '' },
  contract: { prints: 'turn-ended\nsession-closed' },
  core: { prints: "outcome: { type: 'completed'" },
  daemon: { prints: 'running: 0' },
  definitions: { prints: 'You review code.' },
  'driver-acp': { prints: 'turn-ended\nsession-closed' },
  'driver-claude': { prints: 'turn-ended\nsession-closed' },
  'driver-codex': { prints: 'turn-ended\nsession-closed' },
  'driver-kit': { prints: 'hello\n0 null' },
  installer: { prints: 'restored' },
  journal: { prints: '' },
  mailbox: { prints: 'Does it build?\nIt does.' },
  'mailbox-sqlite': { prints: "body: 'Does it build?'" },
  'mailbox-nats': { prints: "body: 'Does it build?'" },
  'mcp-server': { prints: '"serverInfo"', input: `${initialize}\n` },
  orchestration: { prints: 'Orchestration mode', input: sessionStart },
  permissions: { prints: 'delete outside the folder' },
  pool: { prints: "status: 'warm'" },
  routing: { prints: "message: 'codex is not installed'" },
  runtime: { prints: '' },
  worker: { prints: 'Does it build?\nIt does.' },
  worktree: { prints: 'applied: two' },
}

const packages = join(dirname(serverScript), '../../../packages')
/** Packages that users install without a database or a message broker. */
const light = ['api', 'client', 'core', 'mailbox', 'worker', 'mcp-server'].map(nameOf)

checkForLeaks()

let home: TemporaryHome
let environment: Record<string, string>
const cleanUps: (() => void | Promise<void>)[] = []
beforeAll(async () => {
  const nodeTypes = dirname(createRequire(import.meta.url).resolve('@types/node/package.json'))
  const registry = await startRegistry([...Object.keys(runs).map((name) => join(packages, name)), nodeTypes])
  cleanUps.unshift(registry.close)
  const nats = await startNats()
  cleanUps.unshift(nats.end)
  home = temporaryHome({ modelUrl: registry.url })
  cleanUps.unshift(home.remove)
  const [claude, codex, gemini] = [
    installFakeClaude('well'),
    installFakeCodex('well'),
    installFakeAcp('well'),
  ]
  cleanUps.unshift(claude.remove, codex.remove, gemini.remove)
  environment = {
    ...home.environment,
    PATH: `${dirname(claude.executable)}${delimiter}${home.environment['PATH']}`,
    NATS_URL: nats.url,
    npm_config_registry: registry.url,
    SUBAGENT_MCP_CLAUDE_PATH: claude.executable,
    SUBAGENT_MCP_CODEX_PATH: codex.executable,
    SUBAGENT_MCP_GEMINI_PATH: gemini.executable,
  }
  writeFileSync(join(home.cwd, 'package.json'), '{ "private": true, "type": "module" }')
})
afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp()
})

describe('[packed-packages] packed packages in an empty folder', thorough, () => {
  test('are tested for every public package', () => {
    const found = readdirSync(packages).filter((name) => existsSync(join(packages, name, 'package.json')))
    expect(found.filter((name) => name !== 'testkit').sort()).toEqual(Object.keys(runs).sort())
  })

  test('install without NATS and native code, where they promise it', async () => {
    await install('@types/node', ...light)
    const files = readdirSync(join(home.cwd, 'node_modules'), { recursive: true, encoding: 'utf8' })
    expect(files).toEqual(expect.arrayContaining(light.map((name) => join(name, 'package.json'))))
    expect(files.filter((path) => /^@nats-io|libsql|\.node$/.test(path))).toEqual([])
  })

  test('type-check in the examples of their READMEs', async () => {
    await install(...Object.keys(runs).map(nameOf))
    const compilerOptions = { strict: true, module: 'nodenext', target: 'es2023', types: ['node'] }
    writeFileSync(join(home.cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
    for (const name of Object.keys(runs)) writeFileSync(join(home.cwd, `${name}.ts`), exampleOf(name))
    const compiler = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
    const { stdout } = await execa(process.execPath, [join(compiler, 'bin/tsc')], {
      cwd: home.cwd,
      // A third of the compiler's time would go into collecting garbage.
      env: { ...environment, GOGC: '400' },
      extendEnv: false,
      reject: false,
    })
    expect(stdout).toBe('')
  })

  test.each(Object.entries(runs))('run the example of %s', async (name, { prints, input = '' }) => {
    const cwd = join(home.cwd, `run-${name}`)
    mkdirSync(cwd)
    defineAgent(cwd, { name: 'reviewer', body: 'You review code.' })
    const args = name === 'client' ? [await startDaemon(cwd)] : []
    const example = [join(home.cwd, `${name}.js`), ...args]
    const { stdout } = await node(example, { cwd, input })
    if (name === 'client') await endDaemons(home.home)
    expect(stdout).toContain(prints)
  })
})

async function install(...names: readonly string[]): Promise<void> {
  const args = ['install', '--engine-strict', '--no-audit', '--no-fund', ...names]
  await execa('npm', args, { cwd: home.cwd, env: environment, extendEnv: false })
}

function nameOf(folder: string): string {
  return `@subagent-mcp/${folder}`
}

function exampleOf(name: string): string {
  const [, code = ''] =
    /^```ts\n(.*?)^```/ms.exec(readFileSync(join(packages, name, 'README.md'), 'utf8')) ?? []
  return code
}

/** Starts the daemon that the example of the client connects to, and returns its socket. */
async function startDaemon(cwd: string): Promise<string> {
  await node([serverScript, 'daemon', 'start'], { cwd })
  const [socket = ''] = daemonSockets(home.home)
  return socket
}

function node(args: readonly string[], options: { cwd: string; input?: string }) {
  return execa(process.execPath, args, { ...options, env: environment, extendEnv: false })
}
