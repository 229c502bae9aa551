import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { agentOf, questionOf, turnOf } from '../../terminal/agents.test.support.js'
import { startTestContext, type TestContext } from '../../terminal/context.test.support.js'
import { computeWaitExitCode } from './print-outcomes.js'
import { waitCommand } from './wait.js'

const finished = agentOf({ status: 'finished', turns: [turnOf()] })
const errored = agentOf({ status: 'errored' })
const asking = agentOf({ status: 'permission_requested', permissions: [questionOf()] })
const askingUser = agentOf({ status: 'permission_requested', permissions: [questionOf({ shownTo: 'c' })] })
const running = agentOf()
const codes: [name: string, timedOut: boolean, agents: (typeof finished)[], code: number][] = [
  ['all finished', false, [finished, finished], 0],
  ['one failed', false, [finished, errored], 3],
  ['one was stopped', false, [agentOf({ status: 'stopped' })], 3],
  ['one was interrupted', false, [agentOf({ status: 'interrupted' })], 3],
  ['one asks', false, [errored, asking], 4],
  ['the time is over', true, [errored, running], 124],
  ['one that asks the user of its host', true, [askingUser], 124],
  ['any: one finished, one runs', false, [finished, running], 0],
]
test.each(codes)('%s', (_, timedOut, agents, code) => {
  expect(computeWaitExitCode({ timedOut, agents })).toBe(code)
})

/** Runs `wait`, and resolves when it has asked the daemon. */
async function begin(context: TestContext, ...words: string[]): Promise<{ waiting: Promise<number> }> {
  return new Promise((resolve) => {
    const wait: TestContext['client']['wait'] = (body) => {
      resolve({ waiting })
      return context.client.wait(body)
    }
    const waiting = waitCommand.run(words, { ...context, client: { ...context.client, wait } })
  })
}

test('all that run in this project, with their answers', async () => {
  const context = await startTestContext()
  const [one, two, ended] = [
    await context.launched('one'),
    await context.launched(),
    await context.launched(),
  ]
  await context.client.kill(ended.id)
  const { waiting } = await begin(context)
  one.session.finish('It \u001b[31mworks\u001b[0m.')
  const failure = { reason: 'rate-limited', message: 'too much' } as const
  two.session.sink({ type: 'session-closed', failure })
  expect(await waiting).toBe(3)
  expect(context.terminal.said.stdout).toBe(
    'a1 "one" finished in 0.0 s on claude/opus\nIt works.\n\na3 errored after 0.0 s on claude/opus: rate-limited: too much\n\n',
  )
  context.terminal.said.stdout = ''
  expect(await waitCommand.run([], context)).toBe(0)
  expect(context.terminal.said).toEqual({ stdout: '', stderr: 'no agent runs in this project\n' })
})

test('an answer that the journal cannot read is named, and the others are printed', async () => {
  const context = await startTestContext()
  for (const name of ['one', 'two']) (await context.launched(name)).session.finish('It works.')
  const agent: TestContext['client']['agent'] = (id) =>
    id === 'a1'
      ? Promise.reject(new SubagentError('io-failed', 'fact 3 is damaged', { hint: 'restart' }))
      : context.client.agent(id)
  expect(await waitCommand.run(['one', 'two'], { ...context, client: { ...context.client, agent } })).toBe(3)
  expect(context.terminal.said.stdout).toMatch(
    /answer not read: fact 3 is damaged: restart\n\na3 .*\nIt works/,
  )
})

test('a question ends it', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  const waiting = waitCommand.run(['a1'], context)
  session.sink({ type: 'approval-requested', requestId: 'r', tool: 'Bash', input: { command: 'ls' } })
  expect(await waiting).toBe(4)
  expect(context.terminal.said.stdout).toContain('a1 asks permission: Bash {"command":"ls"}')
})

test('the time is over', async () => {
  const context = await startTestContext()
  await context.launched()
  const { waiting } = await begin(context, 'a1', '--timeout', '90', '--json')
  let code: number | undefined
  void waiting.then((result) => (code = result))
  const after = (seconds: number): number | undefined => {
    context.clock.advance(seconds * 1000)
    return code
  }
  await expect.poll(() => after(90)).toBe(124)
  expect(JSON.parse(context.terminal.said.stdout)).toMatchObject({
    timedOut: true,
    agents: [{ agent: { id: 'a1', status: 'processing' }, said: '' }],
  })
})

test('any', async () => {
  const context = await startTestContext()
  const [, two] = [await context.launched(), await context.launched()]
  const { waiting } = await begin(context, '--any')
  two.session.finish('me')
  expect(await waiting).toBe(0)
  expect(context.terminal.said.stdout).toBe('a1 is processing\n\na3 finished in 0.0 s on claude/opus\nme\n\n')
})

test.each([
  [['a1'], 'a1 was interrupted: subagent-mcp send a1 "go on"'],
  [[], 'those of a1, a3 that were at work were interrupted: subagent-mcp ps'],
])('the daemon ends while %j is waited for', async (words, loss) => {
  const context = await startTestContext()
  await context.launched()
  await context.launched()
  const { waiting } = await begin(context, ...words)
  await context.close()
  expect(await waiting).toBe(3)
  expect(context.terminal.said).toEqual({ stdout: '', stderr: `the daemon has ended; ${loss}\n` })
})
