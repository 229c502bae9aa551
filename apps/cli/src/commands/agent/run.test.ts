import { expect, test } from 'vitest'
import type { ManualSession } from '@subagent-mcp/testkit'
import { getLoginName } from '../../terminal/person.js'
import {
  identified,
  openNewestSession,
  startTestContext,
  type TestContext,
} from '../../terminal/context.test.support.js'
import { runCommand } from './run.js'

type Run = { running: Promise<number>; session: ManualSession }

/** Starts `run`, and resolves when the session of the agent has opened. */
async function start(context: TestContext, ...words: string[]): Promise<Run> {
  const running = runCommand.run(['do it', '--provider', 'claude', '--model', 'opus', ...words], context)
  await expect.poll(() => context.driver.sessions.length).toBe(1)
  return { running, session: await openNewestSession(context.driver) }
}

const question = {
  type: 'approval-requested',
  requestId: 'r',
  tool: 'Bash',
  input: { command: 'rm -rf build' },
} as const

test('text goes to stdout, all else to stderr', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context, '--name', 'tests')
  session.sink({ type: 'tool-started', callId: '1', tool: 'Read', input: { path: 'a' } })
  session.sink({ type: 'tool-ended', callId: '1', failed: false, output: 'text' })
  session.sink({ type: 'message-ended', text: 'All is well.' })
  session.finish('All is well.')
  expect(await running).toBe(0)
  expect(context.terminal.said).toEqual({
    stdout: 'All is well.\n',
    stderr: `\
a1 "tests": claude/opus for fallback_default
Read {"path":"a"} → ok
a1 "tests" finished in 0.0 s on claude/opus; to follow up: subagent-mcp send a1 "<text>"
`,
  })
})

test('an empty answer is reported', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context)
  session.finish('')
  expect(await running).toBe(0)
  expect(context.terminal.said.stderr).toContain(
    ' finished in 0.0 s on claude/opus; the answer is EMPTY: it ended without a word; ',
  )
})

test('it streams', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context)
  await expect.poll(() => context.terminal.said.stderr).toContain('a1: claude/opus')
  session.sink({ type: 'text-delta', text: 'Hel' })
  session.sink(identified)
  await expect.poll(() => context.terminal.said.stdout).toBe('Hel')
  session.sink({ type: 'message-ended', text: 'Hello.' })
  session.finish('Hello.')
  await running
  expect(context.terminal.said.stdout).toBe('Hello.\n')
})

test('with JSON stdout has the answer alone; the prompt comes from stdin', async () => {
  const context = await startTestContext()
  context.terminal.input = 'from stdin'
  const running = runCommand.run(['-', '--json', '--provider', 'claude', '--model', 'opus'], context)
  await expect.poll(() => context.driver.sessions.length).toBe(1)
  const session = await openNewestSession(context.driver)
  expect(session.sent).toMatchObject([{ text: 'from stdin' }])
  session.sink({ type: 'message-ended', text: 'Done.' })
  session.finish('Done.')
  expect(await running).toBe(0)
  const said: unknown = JSON.parse(context.terminal.said.stdout)
  expect(said).toMatchObject({ agent: { id: 'a1', status: 'finished' }, prompt: 'from stdin', said: 'Done.' })
})

test('an agent that is defined', async () => {
  const context = await startTestContext()
  const running = runCommand.run(['do it', '--agent', 'reviewer'], context)
  await expect.poll(() => context.driver.sessions.length).toBe(1)
  const session = await openNewestSession(context.driver)
  expect(session.spec).toMatchObject({ appendSystemPrompt: 'Review.' })
  session.finish('Fine.')
  expect(await running).toBe(0)
  expect(context.terminal.said.stderr).toContain('a1 "reviewer": claude/opus for quality_review')
  expect(context.terminal.said.stderr).toContain('to follow up: subagent-mcp send a1 "<text>"')
})

test('a failure', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context)
  session.sink({ type: 'session-closed', failure: { reason: 'crashed', message: 'it fell over' } })
  expect(await running).toBe(3)
  expect(context.terminal.said.stderr).toContain(
    'a1 errored after 0.0 s on claude/opus: crashed: it fell over',
  )
})

test('without a person a question is denied', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context)
  session.sink({ type: 'tool-started', callId: '1', tool: 'Bash', input: { command: 'rm -rf build' } })
  session.sink(question)
  await expect.poll(() => session.sent.at(-1)).toMatchObject({ type: 'answer', decision: 'deny' })
  session.sink({ type: 'tool-ended', callId: '1', failed: true, output: 'denied' })
  session.finish()
  expect(await running).toBe(0)
  expect(context.terminal.said.stderr).toContain(`\
Bash {"command":"rm -rf build"}
asks permission: Bash
{
  "command": "rm -rf build"
}
preset ask; denied in 5 min 0 s
denied: no person is there to ask, because stdin is no terminal
`)
})

test.each([
  ['y', 'allow'],
  ['no', 'deny'],
])('a person answers %j: %s', async (answer, decision) => {
  const context = await startTestContext()
  context.terminal.widen({ columns: 80, rows: 24 })
  context.terminal.type(answer)
  const { running, session } = await start(context)
  session.sink(question)
  await expect.poll(() => session.sent.at(-1)).toMatchObject({ type: 'answer', decision })
  session.finish()
  expect(await running).toBe(0)
  const [, answered] = await context.client.permissionLog()
  expect(answered).toMatchObject({ through: 'terminal', who: getLoginName() })
})

test.each([
  ['Ctrl-D', undefined, '\n'],
  ['to skip', 's', ''],
])('a question is left open by %s, and the run waits for another answer', async (_, answer, newLine) => {
  const context = await startTestContext()
  context.terminal.widen({ columns: 80, rows: 24 })
  context.terminal.type('', 'maybe', answer)
  const { running, session } = await start(context)
  session.sink(question)
  await expect
    .poll(() => context.terminal.said.stderr)
    .toContain(`${newLine}left open; to answer it later: subagent-mcp permissions\n`)
  expect(session.sent).toHaveLength(1)
  await context.client.answer('a1', { decision: 'allow', who: 'a program' })
  await expect.poll(() => session.sent.at(-1)).toMatchObject({ decision: 'allow' })
  session.finish()
  expect(await running).toBe(0)
})

test('a reason reaches the agent, and the outcome is printed', async () => {
  const context = await startTestContext()
  context.terminal.widen({ columns: 80, rows: 24 })
  context.terminal.type('r not build, but dist')
  const { running, session } = await start(context)
  session.sink(question)
  const reason = 'not build, but dist'
  await expect.poll(() => session.sent.at(-1)).toMatchObject({ decision: 'deny', reason })
  await expect.poll(() => context.terminal.said.stderr).toContain('denied: not build, but dist\n')
  session.finish()
  expect(await running).toBe(0)
})

test('a question that is answered elsewhere is taken back, and the next is put', async () => {
  const context = await startTestContext()
  context.terminal.widen({ columns: 80, rows: 24 })
  const { running, session } = await start(context)
  session.sink(question)
  await expect.poll(() => context.terminal.said.stderr).toContain('allow? [y/n/r/s/?]')
  await context.client.answer('a1', { decision: 'allow', who: 'a program' })
  await expect
    .poll(() => context.terminal.said.stderr)
    .toContain('allow? [y/n/r/s/?] \nBash was allowed by a program (http)\n')
  context.terminal.type('y')
  session.sink({ ...question, requestId: 's' })
  await expect.poll(() => session.sent.at(-1)).toMatchObject({ requestId: 's', decision: 'allow' })
  session.finish()
  expect(await running).toBe(0)
})

test('a call that the policy decides causes no question', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context)
  context.rule(() => ({ verdict: 'allow', by: 'rule Read' }))
  session.sink({ ...question, tool: 'Read' })
  context.rule(() => ({ verdict: 'deny', by: 'rule Bash(rm:*)' }))
  session.sink(question)
  session.finish()
  expect(await running).toBe(0)
  const { stderr } = context.terminal.said
  expect(stderr).toContain('denied by rule Bash(rm:*): Bash {"command":"rm -rf build"}\n')
  expect(stderr).not.toContain('Read')
  expect(stderr).not.toContain('asks permission')
})

test('what it may do is part of the launch', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context, '--permissions', 'read-only')
  expect(session.spec).toMatchObject({ permissions: 'read-only' })
  session.finish()
  expect(await running).toBe(0)
  const more = runCommand.run(['do it', '--permissions', 'full-auto'], context)
  await expect(more).rejects.toMatchObject({ code: 'above-ceiling' })
})

test('when the daemon ends it says what became of the agent, below what that had said', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context)
  session.sink({ type: 'text-delta', text: 'Hel' })
  // Journals it: a reader that is not there yet gets it too.
  session.sink(identified)
  await expect.poll(() => context.terminal.said.stdout).toBe('Hel')
  await context.close()
  expect(await running).toBe(3)
  expect(context.terminal.said.stdout).toBe('Hel\n')
  expect(context.terminal.said.stderr).toMatch(
    /^the daemon has ended; a1 was interrupted: subagent-mcp send a1 "go on"$/m,
  )
})

test('when the reader closes stdout it prints that the agent continues', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context)
  session.sink({ type: 'text-delta', text: 'Hel' })
  // Journals it: a reader that is not there yet gets it too.
  session.sink(identified)
  await expect.poll(() => context.terminal.said.stdout).toBe('Hel')
  context.terminal.leave()
  expect(await running).toBe(1)
  expect(context.terminal.said.stderr).toMatch(/^a1 continues: subagent-mcp wait a1, or kill a1$/m)
  expect(await context.client.agents()).toMatchObject([{ status: 'processing', alive: true }])
})

test('Ctrl-C ends the turn', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context)
  await expect.poll(() => context.terminal.said.stderr).toContain('a1: claude/opus')
  context.terminal.interrupt()
  await expect.poll(() => session.sent.at(-1)).toEqual({ type: 'interrupt' })
  session.sink({ type: 'turn-ended', turnId: turnOf(session), outcome: { type: 'interrupted' } })
  expect(await running).toBe(130)
  expect(await context.client.agents()).toMatchObject([{ status: 'interrupted', alive: true }])
})

test('Ctrl-C twice kills', async () => {
  const context = await startTestContext()
  const { running, session } = await start(context)
  await expect.poll(() => context.terminal.said.stderr).toContain('a1: claude/opus')
  context.terminal.interrupt()
  await expect.poll(() => session.sent.at(-1)).toEqual({ type: 'interrupt' })
  context.terminal.interrupt()
  expect(await running).toBe(130)
  expect(await context.client.agents()).toMatchObject([{ status: 'stopped', alive: false }])
})

test('Ctrl-C before there is a turn, or an agent, kills at once', async () => {
  const context = await startTestContext()
  const running = runCommand.run(['do it', '--provider', 'claude', '--model', 'opus'], context)
  context.terminal.interrupt()
  await expect.poll(() => context.terminal.said.stderr).toContain('killing the agent')
  // The kill calls its opening off.
  const calledOff = { type: 'failed', failure: { reason: 'unknown', message: 'called off' } } as const
  await expect.poll(() => context.client.agents()).toMatchObject([{ status: 'stopped' }])
  await context.driver.sessions.at(-1)?.open(calledOff)
  expect(await running).toBe(130)
  const [agent] = await context.client.agents()
  expect(agent).toMatchObject({ status: 'stopped', alive: false })
})

function turnOf({ sent }: ManualSession): string {
  const prompt = sent.findLast((command) => command.type === 'prompt')
  return prompt?.turnId ?? ''
}
