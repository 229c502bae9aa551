import { expect, test } from 'vitest'
import { askToRun } from '../../terminal/ask-for.test.support.js'
import { startTestContext } from '../../terminal/context.test.support.js'
import { permissionsListCommand } from './list.js'

test('no agent asks', async () => {
  const context = await startTestContext()
  await context.launched()
  expect(await permissionsListCommand.run([], context)).toBe(0)
  expect(context.terminal.said).toEqual({ stdout: '', stderr: 'no agent asks for a permission\n' })
  await permissionsListCommand.run(['--json'], context)
  expect(context.terminal.said.stdout).toBe('[]\n')
})

test('a line for each question, the oldest first', async () => {
  const context = await startTestContext()
  const [one, two] = [await context.launched('tests'), await context.launched()]
  askToRun(two.session, 'npm \u001b[2Jtest')
  context.clock.advance(60_000)
  context.rule(() => ({ verdict: 'ask', by: 'deletes outside its folder', humanOnly: true }))
  askToRun(one.session, 'rm -rf /tmp/x', 's')
  context.clock.advance(5_000)
  expect(await permissionsListCommand.run([], context)).toBe(0)
  const rows = context.terminal.said.stdout.trimEnd().split('\n')
  expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
    ['AGENT', 'REQUEST', 'SINCE', 'DENIED IN', 'WHY', 'NOTE', 'ASKS'],
    ['a3', 'r', '1m', '3m', 'preset ask', String.raw`Bash {"command":"npm \u001b[2Jtest"}`],
    [
      'a1 "tests"',
      's',
      '5s',
      '4m',
      'deletes outside its folder',
      'person only',
      'Bash {"command":"rm -rf /tmp/x"}',
    ],
  ])
  expect(context.terminal.said.stderr).toContain('to answer: subagent-mcp permissions allow <agent>')
})

test('as JSON they are whole', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  askToRun(session, 'x'.repeat(5_000))
  await permissionsListCommand.run(['--json'], context)
  expect(JSON.parse(context.terminal.said.stdout)).toEqual(await context.client.permissions())
  expect(context.terminal.said.stdout).toContain('x'.repeat(5_000))
  expect(context.terminal.said.stderr).toBe('')
})

test('nothing of them is hidden', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  askToRun(session, 'echo hi \u009b;evil&\u009c')
  await permissionsListCommand.run(['--json'], context)
  await permissionsListCommand.run([], context)
  expect(context.terminal.said.stdout).toContain(String.raw`"echo hi \u009b;evil&\u009c"`)
  expect(context.terminal.said.stdout).toContain(String.raw`"echo hi \u{9b};evil&\u{9c}"`)
})
