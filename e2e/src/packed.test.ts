import { checkForLeaks, temporaryHome, thorough, type TemporaryHome } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverEnvironment } from './server-stage.js'
import { endDaemons } from './home-daemons.js'
import { startRegistry, type LoopbackRegistry } from './loopback-registry.js'
import { startHost } from './mcp-host.js'

checkForLeaks()

let registry: LoopbackRegistry
let home: TemporaryHome
/** Functions that undo the set-up steps that succeeded. When a step fails, only its own error is reported. */
const cleanUps: (() => void | Promise<void>)[] = []
beforeAll(async () => {
  registry = await startRegistry()
  cleanUps.unshift(() => registry.close())
  home = temporaryHome({ modelUrl: registry.url })
  cleanUps.unshift(home.remove)
  await install(join(home.home, 'prefix'))
  cleanUps.unshift(() => endDaemons(home.home))
})
afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp()
})

test(
  '[packed] the packed package serves outside of the monorepo, with no dependency but libsql',
  thorough,
  async () => {
    const host = await startHost({
      cwd: home.cwd,
      environment: environment(),
      script: script(),
      args: ['serve', '--in-process'],
    })
    const { tools } = await host.client.listTools()
    const answer = await host.call('list_agents')
    await host.close()
    expect(tools).toHaveLength(9)
    expect(answer.text).toContain('no agents yet')
  },
)

test(
  '[packed] the packed package sets up hosts, passes doctor, updates to a new release, rolls back and uninstalls',
  thorough,
  async () => {
    const config = join(home.home, '.codex/config.toml')
    const [before, entry] = [read(config), `args = ["${script()}", "serve"]`]
    expect(await run('setup', '--dry-run')).toContain('+[mcp_servers.subagent-mcp]')
    expect(read(config)).toBe(before)
    await run('setup', '--yes')
    expect(read(config)).toContain(entry)
    await run('doctor')

    await registry.publish('0.0.1')
    expect(await run('update', '--check')).toContain('0.0.1')
    await run('update')
    expect(await run('--version')).toBe('0.0.1')
    expect(read(config)).toContain(entry)
    await run('rollback', '--yes')
    expect(await run('--version')).toBe('0.0.0')
    expect(read(config)).toContain(entry)

    await run('uninstall', '--yes', '--purge')
    expect(read(config)).toBe(before)
  },
)

/** Installs our package from the loopback registry, with npm as users do. */
async function install(prefix: string): Promise<void> {
  const args = ['install', '--global', '--engine-strict', '--prefix', prefix, 'subagent-mcp']
  await execa('npm', args, { env: environment(), extendEnv: false })
}

async function run(...words: readonly string[]): Promise<string> {
  const { stdout } = await execa(process.execPath, [script(), ...words], {
    cwd: home.cwd,
    env: environment(),
    extendEnv: false,
    input: '',
  })
  return stdout
}

function script(): string {
  return join(home.home, 'prefix/lib/node_modules/subagent-mcp/bin/subagent-mcp.js')
}

function read(path: string): string {
  return readFileSync(path, 'utf8')
}

function environment(): Record<string, string> {
  // Without Gemini, which setup and doctor would start.
  return serverEnvironment(home, {
    npm_config_registry: registry.url,
    SUBAGENT_MCP_GEMINI_PATH: undefined,
  })
}
