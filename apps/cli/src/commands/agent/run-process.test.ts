import { installFakeClaude } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { clientOf, containing } from '../../daemon/cli-daemon.test.support.js'
import { untilProcessEnds, useCliRuntime } from '../../cli-runtime.test.support.js'

const theRuntime = useCliRuntime()

/** Starts `run` with an agent that says hello and never ends. Its sessions are in the test's home, which is removed. */
function runEndless() {
  const { start, home } = theRuntime()
  const { executable, remove } = installFakeClaude('well')
  const words = ['run', '[[say: hello]] [[hang]]', '--provider', 'claude', '--model', 'sonnet']
  const variables = { ANTHROPIC_API_KEY: 'dummy', SUBAGENT_MCP_CLAUDE_PATH: executable, TMPDIR: home }
  return { child: start(words, variables), remove }
}

test('prints that the agent continues when its pipe is closed', async () => {
  const { child, remove } = runEndless()
  const end = untilProcessEnds(child)
  child.stdout.destroy()
  const { code, stderr } = await end
  remove()
  const [agent] = await clientOf(theRuntime()).agents()
  expect(agent).toMatchObject({ status: 'processing' })
  const id = agent?.id ?? ''
  const said = containing(`\n${id} continues: subagent-mcp wait ${id}, or kill ${id}\n`)
  expect({ code, stderr }).toEqual({ code: 1, stderr: said })
})
