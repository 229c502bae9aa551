import { type ManualSession, containing } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { openNewestSession, startTestContext, type TestContext } from '../../terminal/context.test.support.js'
import { invokeCommand } from './invoke.js'
import { waitCommand } from './wait.js'

type Invocation = { running: Promise<number>; session: ManualSession }

/** Starts `invoke reviewer`, and resolves when the session of the task has opened. */
async function start(context: TestContext, ...words: string[]): Promise<Invocation> {
  const running = invokeCommand.run(['reviewer', ...words], context)
  await expect.poll(() => context.driver.sessions.length).toBe(1)
  const session = await openNewestSession(context.driver)
  await expect.poll(() => context.terminal.said.stderr).toContain('a1 "reviewer": claude/opus')
  return { running, session }
}

const question = {
  type: 'approval-requested',
  requestId: 'r',
  tool: 'Bash',
  input: { command: 'rm -rf build' },
} as const

test('the answer goes to stdout, all else to stderr', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context, 'look', 'at', 'it')
  expect(session.spec).toMatchObject({ pool: 'k', cwd: context.terminal.cwd })
  expect(session.sent).toMatchObject([{ type: 'prompt', text: 'look at it' }])
  session.sink({ type: 'message-ended', text: 'Let me see.' })
  session.sink({ type: 'tool-started', callId: '1', tool: 'Read', input: { path: 'a' } })
  session.sink({ type: 'tool-ended', callId: '1', failed: false, output: 'text' })
  session.sink({ type: 'message-ended', text: 'It is \u001b[31mfine\u001b[0m.' })
  session.finish('It is \u001b[31mfine\u001b[0m.')
  expect(await running).toBe(0)
  expect(context.terminal.said).toEqual({
    stdout: 'It is fine.\n',
    stderr: `\
a1 "reviewer": claude/opus for quality_review
Read {"path":"a"} → ok
a1 "reviewer" finished in 0.0 s on claude/opus
`,
  })
})

test('with --json stdout also has the agent; --cwd sets its folder', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context, 'look', '--json', '--cwd', 'sub')
  expect(session.spec.cwd).toBe(`${context.terminal.cwd}/sub`)
  session.finish('Fine.')
  expect(await running).toBe(0)
  const said: unknown = JSON.parse(context.terminal.said.stdout)
  expect(said).toMatchObject({ agent: { id: 'a1', status: 'finished' }, prompt: 'look', said: 'Fine.' })
})

test.each([[[]], [['-']]])('a task comes through a pipe: %j', async (words) => {
  const context = await startTestContext()
  context.terminal.input = 'from stdin'
  const { running, session } = await start(context, ...words)
  expect(session.sent).toMatchObject([{ text: 'from stdin' }])
  session.finish()
  expect(await running).toBe(0)
})

test('without a task it says how', async () => {
  const context = await startTestContext()
  const invoked = (): Promise<number> => invokeCommand.run(['reviewer'], context)
  await expect(invoked()).rejects.toMatchObject({ message: '<task> is missing: stdin is empty' })
  context.terminal.widen({ columns: 80, rows: 24 })
  await expect(invoked()).rejects.toMatchObject({
    code: 'unknown-parameter',
    message: '<task> is missing',
  })
  expect(await context.client.agents()).toEqual([])
})

test('a failure leaves stdout empty', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context, 'look')
  session.sink({ type: 'message-ended', text: 'half' })
  session.sink({ type: 'session-closed', failure: { reason: 'crashed', message: 'it fell over' } })
  expect(await running).toBe(3)
  expect(context.terminal.said.stdout).toBe('')
  expect(context.terminal.said.stderr).toContain(
    'a1 "reviewer" errored after 0.0 s on claude/opus: crashed: it fell over',
  )
})

test('the time is over', async () => {
  const context = await startTestContext()
  const { running } = await start(context, 'look', '--timeout', '5')
  context.clock.advance(5_000)
  expect(await running).toBe(124)
  expect(context.terminal.said.stderr).toContain('timed-out: the task took longer than 5 s')
})

test('a task that must wait for room says so', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context, 'look')
  const second = invokeCommand.run(['reviewer', 'again'], context)
  await expect
    .poll(() => context.terminal.said.stderr)
    .toMatch(/; waits for room, number 1 in line: .*\(pool.max 1\)$/m)
  session.finish('one')
  expect(await running).toBe(0)
  await expect.poll(() => context.driver.sessions.length).toBe(2)
  const next = await openNewestSession(context.driver)
  next.finish('two')
  expect(await second).toBe(0)
})

test('without a person a question stays open, and the command prints who can answer it', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context, 'look')
  session.sink(question)
  expect(await running).toBe(4)
  expect(context.terminal.said.stdout).toBe('')
  expect(context.terminal.said.stderr).toContain(
    'a1 "reviewer" asks permission: Bash {"command":"rm -rf build"}; ' +
      'to answer: subagent-mcp permissions allow a1, or deny a1; then subagent-mcp wait a1\n',
  )
  expect(session.sent.at(-1)).toMatchObject({ type: 'prompt' })
})

test('a person answers', async () => {
  const context = await startTestContext()
  context.terminal.widen({ columns: 80, rows: 24 })
  context.terminal.type('y')
  const { running, session } = await start(context, 'look')
  session.sink(question)
  await expect.poll(() => session.sent.at(-1)).toMatchObject({ type: 'answer', decision: 'allow' })
  session.finish('done')
  expect(await running).toBe(0)
  expect(context.terminal.said.stdout).toBe('done\n')
  await expect.poll(() => context.client.agents()).toEqual([])
})

test('the task continues after its command has ended, also while it asks', async () => {
  const context = await startTestContext()
  context.terminal.widen({ columns: 80, rows: 24 })
  const { running, session } = await start(context, 'look')
  session.sink(question)
  await expect.poll(() => context.terminal.said.stderr).toContain('allow? ')
  context.terminal.leave()
  expect(await running).toBe(1)
  expect(context.terminal.said.stderr).toContain('a1 continues: subagent-mcp wait a1, or kill a1\n')
  await context.client.answer('a1', { decision: 'deny' })
  session.finish('went without')
  expect(await waitCommand.run(['a1'], context)).toBe(0)
  expect(context.terminal.said.stdout).toMatch(/^a1 "reviewer" finished .*\nwent without\n/)
  await expect.poll(() => context.client.agents()).toEqual([])
})

test('one that asked is forgotten by the wait that tells its answer; a second wait says so', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context, 'look')
  session.sink(question)
  expect(await running).toBe(4)
  await context.client.answer('a1', { decision: 'allow' })
  session.finish('done')
  expect(await waitCommand.run(['a1'], context)).toBe(0)
  expect(context.terminal.said.stdout).toMatch(/^a1 "reviewer" finished .*\ndone\n/)
  await expect.poll(() => context.client.agents()).toEqual([])
  await expect(waitCommand.run(['a1'], context)).rejects.toMatchObject({
    code: 'unknown-agent',
    hint: containing('a task is removed once its answer was delivered'),
  })
})

test('an empty answer is reported', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context, 'look')
  session.finish('')
  expect(await running).toBe(0)
  expect(context.terminal.said.stdout).toBe('')
  expect(context.terminal.said.stderr).toContain('; the answer is EMPTY: it ended without a word\n')
})

test('Ctrl-C ends the task', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context, 'look')
  context.terminal.interrupt()
  await expect.poll(() => session.sent.at(-1)).toEqual({ type: 'interrupt' })
  session.sink({ type: 'turn-ended', turnId: turnOf(session), outcome: { type: 'interrupted' } })
  expect(await running).toBe(130)
})

test('Ctrl-C twice kills', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context, 'look')
  context.terminal.interrupt()
  await expect.poll(() => session.sent.at(-1)).toEqual({ type: 'interrupt' })
  context.terminal.interrupt()
  expect(await running).toBe(130)
  await expect.poll(() => context.client.agents()).toEqual([])
})

test('when the daemon ends it says so', async () => {
  const context = await startTestContext()
  const { running } = await start(context, 'look')
  await context.close()
  expect(await running).toBe(3)
  expect(context.terminal.said.stderr).toContain(
    'the daemon has ended; a1 was interrupted: invoke it again\n',
  )
})

function turnOf({ sent }: ManualSession): string {
  const prompt = sent.findLast((command) => command.type === 'prompt')
  return prompt?.turnId ?? ''
}
