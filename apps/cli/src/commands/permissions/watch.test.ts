import { permissionsListCommand } from './list.js'
import { answerPermission } from '@subagent-mcp/core'
import { expect, test } from 'vitest'
import { askToRun } from '../../terminal/ask-for.test.support.js'
import { askForPermissions } from '../../terminal/questions/ask-questions.js'
import { identified, startTestContext, type TestContext } from '../../terminal/context.test.support.js'
import type { ShownRequest } from '../../terminal/questions/question-text.js'

const watch = (desk: TestContext, ...words: string[]): Promise<number> =>
  permissionsListCommand.run(['--watch', ...words], desk)

/** Starts a test context with a person at the terminal. */
async function startAtTerminal(): Promise<TestContext> {
  const desk = await startTestContext()
  desk.terminal.widen({ columns: 80, rows: 24 })
  return desk
}

test('in a pipe it is a line for each question and for each answer, and asks nobody', async () => {
  const desk = await startTestContext()
  const [one, two] = [await desk.launched('tests'), await desk.launched()]
  askToRun(one.session, 'npm test')
  const watching = watch(desk)
  const lines = (): string[] =>
    desk.terminal.said.stdout
      .trimEnd()
      .replace(/^\S+ {2}/gm, '')
      .split('\n')
  const first = 'a1 "tests" asks permission: Bash {"command":"npm test"} (preset ask; denied in 5 min 0 s)'
  await expect.poll(lines).toEqual([first])
  desk.rule(() => ({ verdict: 'ask', by: 'publish', humanOnly: true }))
  askToRun(two.session, 'npm publish')
  await expect.poll(lines).toHaveLength(2)
  await desk.client.answer('a1', { decision: 'allow', who: 'a program', reason: 'tests are fine' })
  desk.clock.advance(300_000)
  await expect
    .poll(lines)
    .toEqual([
      first,
      'a3 asks permission: Bash {"command":"npm publish"} (publish; person only; denied in 5 min 0 s)',
      'a1 "tests": Bash allowed by a program (http): tests are fine',
      'a3: Bash denied because it was not answered in time',
    ])
  desk.terminal.interrupt()
  expect(await watching).toBe(130)
})

test('as JSON it is an object a line', async () => {
  const desk = await startAtTerminal()
  const { session } = await desk.launched()
  const watching = watch(desk, '--json')
  await expect.poll(() => desk.terminal.said.stderr).toContain('watching')
  askToRun(session, 'ls')
  const lines = (): unknown[] =>
    desk.terminal.said.stdout
      .split('\n')
      .filter(Boolean)
      .map((line): unknown => JSON.parse(line))
  await expect.poll(lines).toEqual([{ event: 'asked', ...(await desk.client.permissions())[0] }])
  await desk.client.kill('a1')
  await expect.poll(() => lines()[1]).toMatchObject({ event: 'withdrawn', agentId: 'a1', requestId: 'r' })
  desk.terminal.interrupt()
  expect(await watching).toBe(130)
})

test('at a terminal it asks one after another', async () => {
  const desk = await startAtTerminal()
  const [one, two] = [await desk.launched('tests'), await desk.launched()]
  askToRun(one.session, 'npm test')
  const watching = watch(desk)
  await expect.poll(() => desk.terminal.said.stderr).toContain('allow? [y/n/r/s/?]')
  expect(desk.terminal.said.stderr.replace(desk.terminal.cwd, '/work')).toContain(`\
a1 "tests" (claude, in /work) asks permission: Bash
{
  "command": "npm test"
}
preset ask; denied in 5 min 0 s
allow? [y/n/r/s/?] `)
  askToRun(two.session, 'npm publish')
  await desk.client.answer('a1', { decision: 'allow', who: 'Claude Code' })
  await expect
    .poll(() => desk.terminal.said.stderr)
    .toContain('allow? [y/n/r/s/?] \na1 "tests": Bash allowed by Claude Code (http)\na3 (claude, in ')
  desk.terminal.interrupt()
  expect(await watching).toBe(130)
  expect(two.session.sent).toHaveLength(1)
  expect(desk.terminal.said.stderr).toMatch(/allow\? \[y\/n\/r\/s\/\?\] \n$/)
})

test.each([
  ['y', 'allow'],
  ['n', 'deny'],
])('the person answers %j: %s', async (answer, decision) => {
  const desk = await startAtTerminal()
  const { session } = await desk.launched()
  desk.terminal.type(answer)
  const watching = watch(desk)
  await expect.poll(() => desk.terminal.said.stderr).toContain('watching')
  askToRun(session, 'ls')
  await expect.poll(() => session.sent.at(-1)).toMatchObject({ type: 'answer', decision })
  desk.terminal.interrupt()
  expect(await watching).toBe(130)
  expect(desk.terminal.said.stderr).not.toContain('(terminal)')
})

test('what only a person may allow takes the whole word', async () => {
  const desk = await startAtTerminal()
  desk.rule(() => ({ verdict: 'ask', by: 'publish', humanOnly: true }))
  const { session } = await desk.launched()
  for (const requestId of ['r', 's']) askToRun(session, 'npm publish', requestId)
  desk.terminal.type('y', 'n', 'yes')
  const watching = watch(desk)
  await expect.poll(() => session.sent.slice(1)).toMatchObject([{ decision: 'deny' }, { decision: 'allow' }])
  desk.terminal.interrupt()
  expect(await watching).toBe(130)
})

test('at Ctrl-D it leaves the question to others', async () => {
  const desk = await startAtTerminal()
  const { session } = await desk.launched()
  desk.terminal.type(undefined)
  askToRun(session, 'ls')
  const watching = watch(desk)
  await expect
    .poll(() => desk.terminal.said.stderr)
    .toContain('\nleft open; to answer it later: subagent-mcp permissions\n')
  expect(await desk.client.permissions()).toHaveLength(1)
  desk.terminal.interrupt()
  expect(await watching).toBe(130)
})

test('a question that nobody answers in time is put again where it stays open, until it is answered', async () => {
  const desk = await startAtTerminal()
  Object.assign(desk.supervisor, { unanswered: 'park' })
  const { session } = await desk.launched()
  session.sink(identified)
  const watching = watch(desk)
  await expect.poll(() => desk.terminal.said.stderr).toContain('watching')
  askToRun(session, 'ls')
  await expect.poll(() => desk.terminal.said.stderr).toContain('allow?')
  desk.clock.advance(300_000)
  await expect.poll(() => desk.terminal.said.stderr).toContain('stays open: an answer wakes the agent')
  session.finish('waits')
  expect(await desk.client.permissions()).toMatchObject([{ requestId: 'parked-2', parked: true }])
  await desk.client.answer('a1', {
    decision: 'deny',
    requestId: 'parked-2',
    pid: process.pid,
    environment: {},
  })
  await expect.poll(() => desk.terminal.said.stderr).toContain('a1: Bash denied by')
  expect(session.sent.at(-1)).toMatchObject({ type: 'prompt' })
  await expect(desk.client.answer('a1', { decision: 'deny' })).rejects.toMatchObject({
    code: 'no-permission-pending',
  })
  desk.terminal.interrupt()
  expect(await watching).toBe(130)
})

test('when the daemon ends it ends too, and says so', async () => {
  const desk = await startAtTerminal()
  const { session } = await desk.launched()
  askToRun(session, 'ls')
  const watching = watch(desk)
  const failed = expect(watching).rejects.toMatchObject({ code: 'daemon-unreachable' })
  await expect.poll(() => desk.terminal.said.stderr).toContain('allow? [y/n/r/s/?]')
  await desk.close()
  await failed
})

test('a permission request that ended before it was shown is reported', async () => {
  const desk = await startTestContext()
  const { session } = await desk.launched('tests')
  const watching = watch(desk)
  await expect.poll(() => desk.terminal.said.stderr).toContain('watching')
  askToRun(session, 'first', 'q')
  await expect.poll(() => desk.terminal.said.stdout).toContain('first')
  askToRun(session, 'ls')
  answerPermission(desk.supervisor, {
    agentId: 'a1',
    requestId: 'r',
    decision: 'allow',
    by: 'elicitation',
    who: 'Codex',
  })
  await expect
    .poll(() => desk.terminal.said.stdout)
    .toMatch(
      /a1 "tests" asks permission: Bash {"command":"ls"}.*\n.*a1 "tests": Bash allowed by Codex \(elicitation\)\n/,
    )
  desk.terminal.interrupt()
  expect(await watching).toBe(130)
})

test('a first request to the daemon that fails is reported immediately', async () => {
  const desk = await startTestContext()
  const failing = { ...desk.client, permissions: () => Promise.reject(new Error('no list')) }
  await expect(permissionsListCommand.run(['--watch'], { ...desk, client: failing })).rejects.toThrow(
    'no list',
  )
})

test('an answer that was not taken leaves the question to be put again, and the next is put', async () => {
  const desk = await startAtTerminal()
  const [one, two] = [await desk.launched(), await desk.launched()]
  askToRun(one.session, 'ls')
  askToRun(two.session, 'pwd')
  const asked: string[] = []
  const refusing = { ...desk.client, answer: () => Promise.reject(new Error('not now')) }
  const manner = {
    head: ({ agentId }: ShownRequest) => (asked.push(agentId), ''),
    withdrawn: () => '',
    unanswered: 'leave',
  } as const
  const questions = askForPermissions<ShownRequest>(manner, { ...desk, client: refusing })
  desk.terminal.type('y', 'y', 'y')
  const pending = await desk.client.permissions()
  for (const question of pending) questions.add(question)
  await expect.poll(() => desk.terminal.said.stderr.match(/not now/g)).toHaveLength(2)
  for (const question of pending.slice(0, 1)) questions.add(question)
  await expect.poll(() => asked).toEqual(['a1', 'a3', 'a1'])
})
