import { execa } from 'execa'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { playHost, serverScript } from './play-host.js'

/** As the CLI itself finds it. */
const require = createRequire(serverScript)

test('[packed] the packed package serves, far from the monorepo and with no dependency but libsql', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'))
  const environment = { HOME: folder, PATH: process.env['PATH'] ?? '' }
  const cwd = dirname(dirname(serverScript))
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd,
    env: environment,
    extendEnv: false,
  })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''
  await execa('tar', ['-xf', tarball], { cwd: folder })
  const modules = join(folder, 'package/node_modules')
  mkdirSync(modules)
  symlinkSync(dirname(require.resolve('libsql')), join(modules, 'libsql'))
  const host = await playHost({
    cwd: folder,
    environment,
    script: join(folder, 'package/bin/subagent-mcp.js'),
    args: ['serve', '--in-process'],
  })
  const { tools } = await host.client.listTools()
  const answer = await host.call('list_agents')
  await host.close()
  rmSync(folder, { recursive: true })
  expect(tools).toHaveLength(11)
  expect(answer.text).toContain('no agents yet')
})
