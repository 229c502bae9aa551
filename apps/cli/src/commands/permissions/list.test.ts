import { expect, test } from 'vitest'
import { askToRun } from '../../terminal/ask-for.test.support.js'
import { startTestContext } from '../../terminal/context.test.support.js'
import { permissionsListCommand } from './list.js'

test('no agent asks', async () => {
  const desk = await startTestContext()
  await desk.launched()
  expect(await permissionsListCommand.run([], desk)).toBe(0)
  expect(desk.terminal.said).toEqual({ stdout: '', stderr: 'no agent asks for a permission\n' })
  await permissionsListCommand.run(['--json'], desk)
  expect(desk.terminal.said.stdout).toBe('[]\n')
})

test('a line for each question, the oldest first', async () => {
  const desk = await startTestContext()
  const [one, two] = [await desk.launched('tests'), await desk.launched()]
  askToRun(two.session, 'npm \u001b[2Jtest')
  desk.clock.advance(60_000)
  desk.rule(() => ({ verdict: 'ask', by: 'deletes outside its folder', humanOnly: true }))
  askToRun(one.session, 'rm -rf /tmp/x', 's')
  desk.clock.advance(5_000)
  expect(await permissionsListCommand.run([], desk)).toBe(0)
  const rows = desk.terminal.said.stdout.trimEnd().split('\n')
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
  expect(desk.terminal.said.stderr).toContain('to answer: subagent-mcp permissions allow <agent>')
})

test('as JSON they are whole', async () => {
  const desk = await startTestContext()
  const { session } = await desk.launched()
  askToRun(session, 'x'.repeat(5_000))
  await permissionsListCommand.run(['--json'], desk)
  expect(JSON.parse(desk.terminal.said.stdout)).toEqual(await desk.client.permissions())
  expect(desk.terminal.said.stdout).toContain('x'.repeat(5_000))
  expect(desk.terminal.said.stderr).toBe('')
})

test('nothing of them is hidden', async () => {
  const desk = await startTestContext()
  const { session } = await desk.launched()
  askToRun(session, 'echo hi \u009b;evil&\u009c')
  await permissionsListCommand.run(['--json'], desk)
  await permissionsListCommand.run([], desk)
  expect(desk.terminal.said.stdout).toContain(String.raw`"echo hi \u009b;evil&\u009c"`)
  expect(desk.terminal.said.stdout).toContain(String.raw`"echo hi \u{9b};evil&\u{9c}"`)
})
