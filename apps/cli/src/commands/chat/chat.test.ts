import { thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { clientOf, containing } from '../../daemon/cli-daemon.test.support.js'
import { untilProcessEnds, useCliRuntime } from '../../cli-runtime.test.support.js'

const theRuntime = useCliRuntime()

const Heard = z.looseObject({ id: z.string() })

test('a person writes to another, and is answered', async () => {
  const { run, start } = theRuntime()
  expect(await run(['chat', 'inbox', 'ann'])).toEqual({
    code: 0,
    stdout: '',
    stderr: "no message waits for 'ann'\n",
  })
  expect(await run(['chat', 'send', 'bob', 'hi', '--from', 'ann'])).toMatchObject({
    code: 1,
    stderr: containing('bob'),
  })
  expect(await run(['publish', 'news', 'I am here', '--from', 'bob'])).toMatchObject({
    code: 0,
    stdout: "no agent of this project subscribes to 'news'; with --everywhere it is sent to all projects\n",
  })
  const asking = start(['chat', 'send', 'bob', '-', '--from', 'ann', '--thread', 't1', '--wait'])
  asking.stdin.end('lunch?\n')
  const heard = await run(['chat', 'wait', 'bob', '--timeout', '1m', '--json'])
  const message = Heard.parse(JSON.parse(heard.stdout))
  expect(message).toMatchObject({
    body: 'lunch?\n',
    thread: 't1',
    from: { name: 'ann', through: 'terminal' },
  })
  const from = { name: 'bob', host: 'box', through: 'http' } as const
  await clientOf(theRuntime()).mail.reply({ from, message: message.id, body: 'at noon' })
  expect(await untilProcessEnds(asking)).toMatchObject({ code: 0, stdout: 'at noon\n' })
  expect((await run(['chat', 'thread', 't1'])).stdout).toMatch(
    /ann → bob\n {2}lunch\?\n\n.*bob → ann\n {2}at noon\n\n$/,
  )
})

test('a sub-agent has no name but its own', async () => {
  const { run } = theRuntime()
  const inside = { SUBAGENT_MCP_DEPTH: '1' }
  expect(await run(['publish', 'news', 'hi', '--from', 'ann'], inside)).toMatchObject({ code: 2 })
  expect(await run(['publish', 'news', 'hi'], inside)).toMatchObject({ code: 0 })
  // As the agents of hosts and people are started.
  const nameless = { ...inside, SUBAGENT_MCP_MAILBOX: '' }
  expect(await run(['publish', 'news', 'hi'], nameless)).toMatchObject({ code: 0 })
  expect(await run(['chat', 'inbox'], nameless)).toMatchObject({ code: 0, stderr: containing("'agent'") })
})

test.skipIf(process.platform === 'win32')(
  'an agent at a shell has the mail of the session that it is in, and no other',
  thorough,
  async () => {
    const { run } = theRuntime()
    const inside = { SUBAGENT_MCP_NONCE: 'a.1', SUBAGENT_MCP_MAILBOX: 'web' }
    await run(['publish', 'news', 'hi', '--from', 'ann'])
    await run(['publish', 'news', 'hi'], inside)
    expect(await run(['chat', 'send', 'web', 'hi', '--from', 'ann'])).toMatchObject({ code: 0 })
    expect(await run(['chat', 'inbox'], inside)).toMatchObject({ code: 0, stdout: containing('hi') })
    const refused = { code: 2, stderr: containing("an agent has the mail of 'web', not of 'ann'") }
    for (const words of [
      ['inbox', 'ann'],
      ['inbox', 'ann', '--read'],
      ['wait', 'ann'],
    ])
      expect(await run(['chat', ...words], inside)).toMatchObject(refused)
    const heard = await run(['chat', 'wait', '--json'], inside)
    expect(JSON.parse(heard.stdout)).toMatchObject({ body: 'hi', from: { name: 'ann' } })
    expect(await run(['chat', 'inbox', 'web'])).toMatchObject({ stderr: "no message waits for 'web'\n" })
  },
)
