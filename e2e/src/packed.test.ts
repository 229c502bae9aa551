import { execa } from 'execa'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { playHost, serverScript } from './play-host.js'

test('[packed] the packed package serves, far from the monorepo and without any dependency', async () => {
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
  const host = await playHost({
    cwd: folder,
    environment,
    script: join(folder, 'package/bin/subagent-mcp.js'),
  })
  const { tools } = await host.client.listTools()
  const answer = await host.call('list_agents')
  await host.close()
  rmSync(folder, { recursive: true })
  expect(tools).toHaveLength(7)
  expect(answer.text).toContain('no agents yet')
})
