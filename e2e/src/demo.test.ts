import { checkForLeaks } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { AgentData } from './play-host.js'

checkForLeaks()

const script = fileURLToPath(new URL('../dist/demo/main.js', import.meta.url))

test('[demo] the demo launches three agents, follows one up, kills one, and says so as JSON', async () => {
  const environment = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] }
  const { stdout, stderr } = await execa(process.execPath, [script, '--json'], {
    env: environment,
    extendEnv: false,
  })
  const { agents } = z.object({ agents: z.array(AgentData) }).parse(JSON.parse(stdout))
  const told = agents.map(({ name, status, turns }) => `${name} ${status} ${turns.length}`)
  expect(told.sort()).toEqual(['counter finished 1', 'poet finished 2', 'sleeper stopped 1'])
  expect(stderr).toContain('Bytes go in where bytes come out')
})
