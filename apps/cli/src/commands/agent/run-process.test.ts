import { installFakeClaude, processesWith } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { clientOf, containing, daemonPid } from '../../daemon/cli-daemon.test.support.js'
import { untilEnd, useCliHouse } from '../../cli-house.test.support.js'

const theRuntime = useCliHouse()

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
  const end = untilEnd(child)
  child.stdout.destroy()
  const { code, stderr } = await end
  remove()
  const [agent] = await clientOf(theRuntime()).agents()
  expect(agent).toMatchObject({ status: 'processing' })
  const id = agent?.id ?? ''
  const said = containing(`\n${id} continues: subagent-mcp wait ${id}, or kill ${id}\n`)
  expect({ code, stderr }).toEqual({ code: 1, stderr: said })
})

test('prints what happened to the agent when the daemon is killed', async () => {
  const { child, remove } = runEndless()
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)))
  const end = untilEnd(child)
  await expect.poll(() => stdout).toContain('hello')
  const [agent] = await clientOf(theRuntime()).agents()
  const pid = await daemonPid(theRuntime())
  if (pid === undefined || !processesWith(theRuntime().home).includes(pid))
    throw new Error('no daemon of ours')
  process.kill(pid, 'SIGKILL')
  const { code, stderr } = await end
  remove()
  const id = agent?.id ?? ''
  const said = containing(`\nthe daemon has ended; ${id} was interrupted: subagent-mcp send ${id} "go on"\n`)
  expect({ code, stderr }).toEqual({ code: 3, stderr: said })
})
