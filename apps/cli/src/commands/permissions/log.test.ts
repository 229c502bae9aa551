import { expect, test } from 'vitest'
import { describeTerminalAnswerer } from '../../terminal/person.js'
import { startTestContext } from '../../terminal/context.test.support.js'
import { askToRun } from '../../terminal/ask-for.test.support.js'
import { printPermissionLog, readAgentPermissionRecords } from './log.js'

const everything = { all: true, limit: 100, json: false }

test('a line for each, with who answered, through what and why', async () => {
  const context = await startTestContext()
  const { session } = await context.launched('tests')
  askToRun(session, 'npm test')
  const alice = { ...describeTerminalAnswerer(context.terminal), who: 'al\u0007ice' }
  await context.client.answer('a1', { decision: 'deny', ...alice, reason: 'no' })
  context.rule(() => ({ verdict: 'allow', by: 'rule Bash(ls)' }))
  askToRun(session, 'ls', 's')
  context.rule(() => ({ verdict: 'ask', by: 'preset ask', humanOnly: false }))
  askToRun(session, 'x'.repeat(100), 't')
  context.clock.advance(300_000)
  const records = await context.client.permissionLog()
  expect(await printPermissionLog(everything, () => Promise.resolve(records), context.terminal)).toBe(0)
  const rows = context.terminal.said.stdout.trimEnd().split('\n')
  const test = 'Bash {"command":"npm test"}'
  const long = `Bash {"command":"${'x'.repeat(23)} …[39 characters left out]… ${'x'.repeat(38)}"}`
  expect(rows.map((row) => row.split(/ {2,}/).slice(1))).toEqual([
    ['a1 "tests"', 'asked', test, 'preset ask'],
    ['a1 "tests"', 'denied', test, String.raw`by al\u{7}ice (terminal): no`],
    ['a1 "tests"', 'allowed', 'Bash {"command":"ls"}', 'by policy: rule Bash(ls)'],
    ['a1 "tests"', 'asked', long, 'preset ask'],
    ['a1 "tests"', 'denied', long, 'because it was not answered in time'],
  ])
  expect(rows[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}a1/)
})

test('without --all, what the policy allowed is left out, and counted', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  context.rule(() => ({ verdict: 'allow', by: 'rule Bash(ls)' }))
  askToRun(session, 'ls')
  context.rule(() => ({ verdict: 'deny', by: 'rule Bash(rm:*)' }))
  askToRun(session, 'rm a', 's')
  await printPermissionLog(
    { ...everything, all: false, limit: 1 },
    context.client.permissionLog,
    context.terminal,
  )
  expect(context.terminal.said.stdout).toMatch(/^.* denied .*rm a.*\n$/)
  expect(context.terminal.said.stderr).toBe('1 call that the policy allowed left out: --all prints them\n')
})

test('as JSON, and where there is nothing', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  await printPermissionLog(everything, () => Promise.resolve([]), context.terminal)
  expect(context.terminal.said).toEqual({ stdout: '', stderr: 'no permission was asked for yet\n' })
  askToRun(session, 'ls')
  const records = await context.client.permissionLog()
  await printPermissionLog({ ...everything, json: true }, () => Promise.resolve(records), context.terminal)
  expect(JSON.parse(context.terminal.said.stdout)).toEqual(records)
})

test('of an agent, by its name and after it is forgotten; or none', async () => {
  const context = await startTestContext()
  const { client, terminal } = context
  const [one, other] = [await context.launched('tests'), await context.launched()]
  askToRun(one.session, 'ls')
  askToRun(other.session, 'ls')
  await client.kill('a1')
  const log = (agent: string, limit = 100): ReturnType<typeof readAgentPermissionRecords> =>
    readAgentPermissionRecords({ agent, limit }, client.permissionLog)
  await client.prune({})
  expect(await log('tests')).toMatchObject([{ agentId: 'a1' }, { agentId: 'a1', event: 'withdrawn' }])
  expect(await log('a1', 1)).toMatchObject([{ event: 'withdrawn' }])
  await expect(log('a')).rejects.toMatchObject({ code: 'ambiguous-agent' })
  await printPermissionLog({ ...everything, agent: 'nobody' }, client.permissionLog, terminal)
  expect(terminal.said).toEqual({ stdout: '', stderr: "none of agent 'nobody'\n" })
  const withdrawn = await log('tests')
  await printPermissionLog({ ...everything, agent: 'tests' }, client.permissionLog, terminal)
  expect(terminal.said.stdout).toMatch(new RegExp(`withdrawn .*  ${withdrawn[1]?.why ?? 'no reason'}\n$`))
})

test('a secret in a command is masked before the line is kept', async () => {
  const context = await startTestContext()
  const { session } = await context.launched('tests')
  const password = ['hunt', 'er2x9'].join('')
  askToRun(session, `DB_PASSWORD=${password} npm test`)
  const [record] = await context.client.permissionLog()
  expect(record?.call).toBe('Bash {"command":"DB_PASSWORD=[masked] npm test"}')
})
