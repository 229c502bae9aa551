import { expect, test } from 'vitest'
import { containing } from '@subagent-mcp/testkit'
import { askToRun } from '../../terminal/ask-for.test.support.js'
import { startTestContext, type TestContext } from '../../terminal/context.test.support.js'
import { getLoginName } from '../../terminal/person.js'
import { permissionsAllowCommand, permissionsDenyCommand } from './allow-deny.js'

const allow = (context: TestContext, ...words: string[]): Promise<number> =>
  permissionsAllowCommand.run(words, context)
const deny = (context: TestContext, ...words: string[]): Promise<number> =>
  permissionsDenyCommand.run(words, context)

test('the question that is named', async () => {
  const context = await startTestContext()
  const { session } = await context.launched('tests')
  for (const requestId of ['r', 's', 't']) askToRun(session, `rm ${requestId}`, requestId)
  expect(await allow(context, 'tests', 's')).toBe(0)
  expect(await deny(context, 'a1', 't', '--reason', 'not that')).toBe(0)
  expect(session.sent.slice(1)).toMatchObject([
    { type: 'answer', requestId: 's', decision: 'allow' },
    { type: 'answer', requestId: 't', decision: 'deny', reason: 'not that' },
  ])
  expect(context.terminal.said.stdout).toBe(
    'a1 "tests" may do it: Bash {"command":"rm s"}\na1 "tests" may not do it: Bash {"command":"rm t"}\n',
  )
  const answers = (await context.client.permissionLog()).filter(({ event }) => event !== 'asked')
  expect(answers).toMatchObject([
    { event: 'allowed', through: 'terminal', who: getLoginName() },
    { event: 'denied', through: 'terminal', who: getLoginName(), why: 'not that' },
  ])
})

test('of several one is to be named', async () => {
  const context = await startTestContext()
  context.terminal.widen({ columns: 80, rows: 24 })
  const { session } = await context.launched('tests')
  for (const requestId of ['r', 's']) askToRun(session, `rm ${requestId}`, requestId)
  for (const answer of [allow, deny]) {
    const refused = answer(context, 'tests')
    await expect(refused).rejects.toThrow('agent a1 "tests" asks 2 questions: name one')
    const list = '\n  r  Bash {"command":"rm r"}\n  s  Bash {"command":"rm s"}'
    await expect(refused).rejects.toMatchObject({ code: 'invalid-parameter', hint: containing(list) })
  }
  expect(session.sent).toHaveLength(1)
})

test('the only one needs no name where a person sees it, and for a no', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  askToRun(session, 'ls')
  const unseen = allow(context, 'a1')
  await expect(unseen).rejects.toMatchObject({ code: 'invalid-parameter' })
  await expect(unseen).rejects.toThrow('without a terminal the question of a1 cannot be shown')
  expect(await deny(context, 'a1')).toBe(0)
  context.terminal.widen({ columns: 80, rows: 24 })
  askToRun(session, 'rm it', 's')
  context.terminal.type('', 's', 'y')
  expect(await allow(context, 'a1')).toBe(1)
  expect(context.terminal.said.stderr).toContain('left open; to answer it later: subagent-mcp permissions\n')
  expect(session.sent).toHaveLength(2)
  expect(await allow(context, 'a1')).toBe(0)
  expect(context.terminal.said.stderr).toContain(
    '  "command": "rm it"\n}\npreset ask; denied in 5 min 0 s\nallow? [y/n/r/s/?]',
  )
  expect(session.sent.slice(1)).toMatchObject([{ decision: 'deny' }, { requestId: 's', decision: 'allow' }])
})

test('who is asked before it is allowed may deny it', async () => {
  const context = await startTestContext()
  context.terminal.widen({ columns: 80, rows: 24 })
  const { session } = await context.launched()
  askToRun(session, 'rm it')
  context.terminal.type('r', 'keep it')
  expect(await allow(context, 'a1')).toBe(1)
  expect(session.sent.slice(1)).toMatchObject([{ decision: 'deny', reason: 'keep it' }])
  expect(context.terminal.said.stdout).toBe('a1 may not do it: Bash {"command":"rm it"}\n')
})

test('a name means the agent that asks', async () => {
  const context = await startTestContext()
  await context.launched('tests')
  const { session } = await context.launched('tests')
  await expect(allow(context, 'tests', 'r')).rejects.toMatchObject({ code: 'ambiguous-agent' })
  askToRun(session, 'ls')
  expect(await allow(context, 'tests', 'r')).toBe(0)
  expect(session.sent).toHaveLength(2)
})

test('as JSON', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  askToRun(session, 'ls')
  await allow(context, 'a1', 'r', '--json')
  expect(JSON.parse(context.terminal.said.stdout)).toMatchObject({
    agent: { id: 'a1', status: 'processing' },
    answered: { requestId: 'r', tool: 'Bash' },
  })
})

test('what another has answered says who it was', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  await expect(allow(context, 'a1')).rejects.toThrow('agent a1 asks for no permission')
  askToRun(session, 'ls')
  await context.client.answer('a1', { decision: 'deny', who: 'a program' })
  for (const words of [['a1'], ['a1', 'r']]) {
    const second = allow(context, ...words)
    await expect(second).rejects.toMatchObject({ code: 'no-permission-pending' })
    await expect(second).rejects.toThrow('r was denied before, by a program (http)')
  }
  await expect(allow(context, 'nobody')).rejects.toMatchObject({ code: 'unknown-agent' })
})

test('what only a person may allow takes their whole word, also where it is named; a no does not', async () => {
  const context = await startTestContext()
  context.rule(() => ({ verdict: 'ask', by: 'force push', humanOnly: true }))
  const { session } = await context.launched()
  askToRun(session, 'git push -f')
  for (const words of [['a1'], ['a1', 'r']]) {
    const refused = allow(context, ...words)
    await expect(refused).rejects.toMatchObject({ code: 'needs-person' })
    await expect(refused).rejects.toThrow('only a person may allow this (force push): stdin')
  }
  context.terminal.widen({ columns: 80, rows: 24 })
  context.terminal.type('y', undefined, 'yes')
  expect(await allow(context, 'a1', 'r')).toBe(1)
  expect(context.terminal.said.stderr).toContain('only a person may allow this: type yes in full\n')
  expect(session.sent).toHaveLength(1)
  expect(await allow(context, 'a1', 'r')).toBe(0)
  askToRun(session, 'git push -f', 's')
  expect(await deny(context, 'a1')).toBe(0)
  expect(session.sent.slice(1)).toMatchObject([{ decision: 'allow' }, { decision: 'deny' }])
})

test('a sub-agent answers nothing', async () => {
  const context = await startTestContext()
  context.terminal.widen({ columns: 80, rows: 24 })
  context.terminal.isInsideAgent = () => true
  const { session } = await context.launched()
  askToRun(session, 'ls')
  await expect(allow(context, 'a1')).rejects.toMatchObject({ code: 'needs-person' })
  await expect(deny(context, 'a1')).rejects.toMatchObject({ code: 'needs-person' })
  expect(session.sent).toHaveLength(1)
})
