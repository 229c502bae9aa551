import { expect, test } from 'vitest'
import { describeTerminalAnswerer } from '../../terminal/person.js'
import {
  identified,
  openNewestSession,
  startTestContext,
  type TestContext,
} from '../../terminal/context.test.support.js'
import { logsCommand } from './logs.js'

/** Returns the printed text, with `·` for each time of day and `/work` for the current folder. */
const shown = ({ terminal }: TestContext): string =>
  terminal.said.stdout.replace(/^\d\d:\d\d:\d\d {2}/gm, '· ').replaceAll(terminal.cwd, '/work')

test('the whole transcript', async () => {
  const context = await startTestContext()
  const { session } = await context.launched('tests')
  const { sink } = session
  sink(identified)
  sink({ type: 'message-ended', text: 'I look.\nThen I test.' })
  sink({ type: 'tool-started', callId: '1', tool: 'Bash', input: { command: 'npm test' } })
  sink({ type: 'tool-ended', callId: '1', failed: true, output: 'boom\nbang' })
  sink({ type: 'approval-requested', requestId: 'r', tool: 'Edit', input: { path: 'a' } })
  const alice = { ...describeTerminalAnswerer(context.terminal), who: 'alice' }
  await context.client.answer('a1', { decision: 'deny', reason: 'not that', ...alice })
  context.rule(() => ({ verdict: 'deny', by: 'rule Bash(rm:*)' }))
  sink({ type: 'approval-requested', requestId: 's', tool: 'Bash', input: { command: 'rm a' } })
  context.rule(() => ({ verdict: 'allow', by: 'rule Read' }))
  sink({ type: 'approval-requested', requestId: 't', tool: 'Read', input: { path: 'a' } })
  sink({
    type: 'retry-announced',
    attempt: 1,
    maxAttempts: 10,
    failure: { reason: 'overloaded', message: 'busy' },
  })
  await context.client.send('a1', { text: 'and\nthe docs', cwd: '/', environment: {} })
  context.clock.advance(20_000)
  sink({ type: 'usage-reported', turnId: 'm2', usage: { inputTokens: 12_000, outputTokens: 800 } })
  session.finish('Done.')
  context.clock.advance(1_000)
  session.finish('')
  await context.client.kill('a1')
  expect(await logsCommand.run(['tests'], context)).toBe(0)
  expect(shown(context)).toBe(`\
· a1 "tests": claude opus for coding, in /work, Thu Jan 01 1970
· > do it
· session s-1, hand-1
I look.
Then I test.
· Bash {"command":"npm test"} → failed: boom bang
· asks permission: Edit {"path":"a"}
· Edit was denied by alice (terminal): not that
· denied by rule Bash(rm:*): Bash {"command":"rm a"}
· try 1 of 10: overloaded: busy
· > and
          the docs
· the turn finished after 20 s, 12k tokens in, 800 out
· the turn finished after 1.0 s
· killed
· the session is closed
`)
})

test('as JSON it is the facts', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  session.finish('Done.')
  await logsCommand.run(['a1', '--json'], context)
  const facts = context.terminal.said.stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(facts).toMatchObject([
    { seq: 1, fact: { type: 'launch-requested', prompt: { text: 'do it' } } },
    { seq: 2, fact: { type: 'slot-granted' } },
    { seq: 3, fact: { type: 'session-opened' } },
    { seq: 4, fact: { event: { type: 'turn-ended', outcome: { answer: 'Done.' } } } },
  ])
})

test('followed, text comes as it is written, and once', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  session.sink({ type: 'message-ended', text: 'Before.' })
  const following = logsCommand.run(['a1', '--follow'], context)
  await expect.poll(() => shown(context)).toContain('Before.\n')
  session.sink({ type: 'text-delta', text: 'Hel' })
  await expect.poll(() => shown(context)).toMatch(/Hel$/)
  session.sink({ type: 'text-delta', text: 'lo.' })
  session.sink({ type: 'message-ended', text: 'Hello.' })
  session.finish('Hello.')
  await expect.poll(() => shown(context)).toMatch(/Before.\nHello.\n· the turn finished/)
  await context.client.kill('a1')
  expect(await following).toBe(0)
  expect(shown(context)).toMatch(/· killed\n· the session is closed\n$/)
})

test('an agent that was resumed is followed past its earlier end', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  session.sink(identified)
  session.finish('One.')
  context.supervisor.dispatch({ type: 'idle-expired', at: context.clock.now(), agentId: 'a1' })
  context.clock.advance(1_000)
  await context.client.send('a1', { text: 'more', cwd: '/', environment: {} })
  const resumed = await openNewestSession(context.driver)
  context.clock.advance(1_000)
  const following = logsCommand.run(['a1', '-f'], context)
  await expect.poll(() => shown(context)).toContain('> more')
  resumed.finish('Two.')
  await expect.poll(() => shown(context)).toContain('Two.')
  await context.client.kill('a1')
  expect(await following).toBe(0)
})

test('followed, it ends with the daemon, and says so below what the agent had said', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  const following = logsCommand.run(['a1', '-f'], context)
  await expect.poll(() => shown(context)).toContain('do it')
  session.sink({ type: 'text-delta', text: 'Hel' })
  await expect.poll(() => shown(context)).toMatch(/Hel$/)
  await context.close()
  expect(await following).toBe(1)
  expect(shown(context)).toMatch(/\nHel\n$/)
  expect(context.terminal.said.stderr).toBe(
    'the daemon has ended; a1 was interrupted: subagent-mcp send a1 "go on"\n',
  )
})

test('--tail prints the newest lines, and --since what is newer', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  session.sink(identified)
  session.sink({ type: 'message-ended', text: 'One.' })
  context.clock.advance(60_000)
  session.sink({ type: 'message-ended', text: 'Two.\nThree.' })
  const logs = async (...words: string[]): Promise<string> => {
    context.terminal.said.stdout = ''
    expect(await logsCommand.run(words, context)).toBe(0)
    return shown(context)
  }
  expect(await logs('--tail', '2')).toBe('Two.\nThree.\n')
  expect(await logs('a1', '--tail', '0')).toBe('')
  expect(await logs('a1', '--since', '30s')).toBe('Two.\nThree.\n')
  expect((await logs('a1', '--tail', '1', '--json')).trim().split('\n')).toHaveLength(1)
})

test('followed with --tail, it prints the newest lines at once and then all that is written', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  session.sink({ type: 'message-ended', text: 'One.\nTwo.' })
  const following = logsCommand.run(['--follow', '--tail', '1'], context)
  await expect.poll(() => shown(context)).toBe('Two.\n')
  session.sink({ type: 'message-ended', text: 'Three.\nFour.' })
  await expect.poll(() => shown(context)).toBe('Two.\nThree.\nFour.\n')
  await context.client.kill('a1')
  expect(await following).toBe(0)
})
