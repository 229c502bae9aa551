import { installFakeClaude } from '@subagent-mcp/testkit'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { untilProcessEnds, useCliRuntime } from '../cli-runtime.test.support.js'
import { clientOf, oursIn } from './cli-daemon.test.support.js'

const theRuntime = useCliRuntime()
const example = fileURLToPath(new URL('../../../../examples/client-three-agents/main.mjs', import.meta.url))

test('the example with three agents prints their reports, and leaves no session open', async () => {
  const { run, environment, home } = theRuntime()
  const { executable, remove } = installFakeClaude('well')
  const variables = { ANTHROPIC_API_KEY: 'dummy', SUBAGENT_MCP_CLAUDE_PATH: executable, TMPDIR: home }
  await run(['daemon', 'start'], variables)
  const child = spawn(
    process.execPath,
    [example, oursIn(theRuntime(), 'run/daemon-0.0.0.sock'), '[[say: fine]]'],
    {
      cwd: home,
      env: { ...environment, ...variables },
      stdio: 'pipe',
    },
  )
  const ended = await untilProcessEnds(child)
  remove()
  expect(ended).toEqual({ code: 0, stdout: 'security: fine\nspeed: fine\nreadability: fine\n', stderr: '' })
  const agents = await clientOf(theRuntime()).agents()
  expect(agents.map(({ status }) => status)).toEqual(['stopped', 'stopped', 'stopped'])
})
