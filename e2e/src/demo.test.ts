import { checkForLeaks, thorough } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { AgentData } from './mcp-host.js'

checkForLeaks()

const script = fileURLToPath(new URL('../dist/demo/main.js', import.meta.url))

test(
  '[demo] the demo prints agents of three providers as JSON, with a failover, a follow-up and a kill',
  thorough,
  async () => {
    const environment = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] }
    const { stdout, stderr } = await execa(process.execPath, [script, '--json'], {
      env: environment,
      extendEnv: false,
    })
    const { agents } = z.object({ agents: z.array(AgentData) }).parse(JSON.parse(stdout))
    const told = agents.map(
      ({ name, provider, status, turns }) => `${name} ${provider} ${status} ${turns.length}`,
    )
    expect(told.sort()).toEqual([
      'counter codex finished 1',
      'critic gemini finished 1',
      'mover codex finished 1',
      'poet claude finished 2',
      'sleeper claude stopped 1',
    ])
    expect(stderr).toMatch(/moved on from claude .*: overloaded: /)
    expect(stderr).toContain('Bytes go in where bytes come out')
    expect(stderr).toMatch(/grade: verified \(1 file changed; node --test passed\)[^]*modified total\.mjs/)
  },
)
