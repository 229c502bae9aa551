import { matching } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'
import { searchCommand } from './search.js'

test('found texts are shown with their agents, and hostile ones cannot act on the terminal', async () => {
  const context = await startTestContext()
  const { session } = await context.launched('fixer')
  session.sink({ type: 'message-ended', text: 'the \u001b[31mlogin\u001b[0m test\u202e is flaky' })
  const { said } = context.terminal
  expect(await searchCommand.run(['login', 'flaky'], context)).toBe(0)
  expect(said.stdout).toMatch(
    /^\d{4}-\d\d-\d\d .* a\d+ fixer {2}answer\n {2}the login test\\u202e is flaky\n$/,
  )
  expect(said.stderr).toBe('')
})

test('as JSON it is the answer of the daemon, and a name stands for its agent', async () => {
  const context = await startTestContext()
  const { session } = await context.launched('fixer')
  session.sink({ type: 'message-ended', text: 'one word' })
  session.sink({ type: 'message-ended', text: 'another word' })
  expect(await searchCommand.run(['word', '--agent', 'fixer', '--limit', '1', '--json'], context)).toBe(0)
  expect(JSON.parse(context.terminal.said.stdout)).toEqual({
    passages: [
      {
        ...{ kind: 'answer', source: matching(/^a\d+$/), name: 'fixer' },
        ...{ at: context.clock.now(), seq: 5, project: context.terminal.cwd },
        excerpt: 'another word',
        matches: [[8, 12]],
      },
    ],
    more: true,
  })
})

test('nothing found and no word are told', async () => {
  const context = await startTestContext()
  expect(await searchCommand.run(['nothing', 'like', 'this'], context)).toBe(0)
  expect(context.terminal.said).toMatchObject({ stdout: '', stderr: 'nothing found\n' })
  await expect(searchCommand.run(['--here', '...'], context)).rejects.toThrow(/no word to search for/)
})
