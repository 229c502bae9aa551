import { thorough } from '@subagent-mcp/testkit'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { serverEnvironment, launchFromHost, useServerStage } from './server-stage.js'
import { daemonClient, daemonSockets } from './home-daemons.js'
import { pinnedClaude, startHost, serverScript } from './mcp-host.js'

const stage = useServerStage({}, 'daemon', 'fake')

const Package = z.looseObject({ version: z.string() })

/** Copies the built CLI with a newer version number, as after an update. */
function newerCli(): { script: string; remove(): void } {
  const installed = dirname(dirname(serverScript))
  const folder = mkdtempSync(join(tmpdir(), 'newer-'))
  for (const name of ['bin', 'dist', 'package.json'])
    cpSync(join(installed, name), join(folder, name), { recursive: true })
  symlinkSync(join(installed, 'node_modules'), join(folder, 'node_modules'))
  const { version } = Package.parse(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')))
  const files = readdirSync(join(folder, 'dist')).filter((name) => /\.c?js$/.test(name))
  for (const path of files.map((name) => join(folder, 'dist', name))) {
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(`"${version}"`, '"999.0.0"'))
  }
  return {
    script: join(folder, 'bin/subagent-mcp.js'),
    remove: () => {
      rmSync(folder, { recursive: true })
    },
  }
}

test(
  '[upgrade] the old daemon continues with its agents beside that of the new version, and the caps count both',
  thorough,
  async () => {
    const newer = newerCli()
    try {
      await workSideBySide(newer.script)
    } finally {
      newer.remove()
    }
  },
)

async function workSideBySide(script: string): Promise<void> {
  const { home, host, launch, model } = stage()
  const old = await launch('[[gate: later]] [[say: from the old one]]')
  const agents = daemonClient(home.home)
  await expect.poll(async () => (await agents.agents()).map(({ status }) => status)).toEqual(['processing'])
  const next = await startHost({ cwd: home.cwd, environment: serverEnvironment(home), script })
  expect((await next.call('list_agents')).agents).toEqual([])
  expect(daemonSockets(home.home)).toHaveLength(2)
  for (let index = 0; index < 4; index += 1) await launchFromHost(next, `[[gate: later]] [[say: ${index}]]`)
  const beyond = await next.call('launch_agent', {
    prompt: '[[say: last]]',
    task_category: 'mechanical',
    ...pinnedClaude,
  })
  expect(beyond.text).toContain('5 claude turns run (maxTurnsPerProvider 5)')
  model.release('later')
  expect((await host.call('wait')).text).toContain(`agent ${old} turn 1 finished`)
  const all = await next.call('wait', { until: 'all' })
  expect(all.text.match(/turn 1 finished/g)).toHaveLength(5)
  await next.close()
}

test('[fallback] where no daemon can be started, the host gets an in-process server, which says why', async () => {
  const { home } = stage()
  const deep = join(home.home, 'a'.repeat(120))
  mkdirSync(deep)
  const environment = serverEnvironment(home, { SUBAGENT_MCP_HOME: deep })
  const host = await startHost({ cwd: home.cwd, environment })
  const id = await launchFromHost(host, '[[say: here]]')
  expect((await host.call('wait')).text).toContain(`agent ${id} turn 1 finished`)
  expect(host.stderr()).toMatch(/socket's path is \d+ bytes long[\s\S]*SUBAGENT_MCP_HOME/)
  await host.close()
})
