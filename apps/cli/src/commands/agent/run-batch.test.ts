import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startTestContext, type TestContext } from '../../terminal/context.test.support.js'
import { runCommand } from './run.js'

type Batch = TestContext & {
  /** Starts `run --batch` with more words. */
  run(...words: string[]): Promise<number>
  /** Resolves when a session of this number was requested, and opens it. */
  session(number: number): Promise<TestContext['driver']['sessions'][number]>
  prompts(): (string | undefined)[]
}

/** A tasks file with these lines, and a terminal with a state folder of its own. */
async function batch(...lines: object[]): Promise<Batch> {
  const context = await startTestContext()
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'batch-')))
  onTestFinished(() => rmSync(home, { recursive: true }))
  context.terminal.environment = { SUBAGENT_MCP_HOME: home }
  const file = join(home, 'tasks.jsonl')
  const place = { provider: 'claude', model: 'opus' }
  writeFileSync(file, lines.map((line) => JSON.stringify({ ...place, ...line })).join('\n\n'))
  return {
    ...context,
    run: (...words) => runCommand.run(['--batch', file, ...words], context),
    session: async (number) => {
      await expect.poll(() => context.driver.sessions.length).toBeGreaterThan(number)
      const session = context.driver.sessions[number]
      if (!session) throw new Error('no session')
      await session.open()
      return session
    },
    prompts: () =>
      context.driver.sessions.map(
        ({ sent }) => sent.flatMap((command) => (command.type === 'prompt' ? [command.text] : []))[0],
      ),
  }
}

test('so many lines run in parallel, and their results are printed as they come', async () => {
  const context = await batch({ prompt: 'one', name: 'first' }, { prompt: 'two' }, { prompt: 'three' })
  const running = context.run('--limit', '2')
  await context.session(0)
  const two = await context.session(1)
  two.finish('It is \u001b[31mtwo\u001b[0m.')
  const three = await context.session(2)
  expect(context.prompts()).toEqual(['one', 'two', 'three'])
  expect(context.terminal.said.stdout).toMatch(/^line 3: \w+ finished .*\nIt is two\.\n\n$/)
  three.finish('three')
  context.driver.sessions[0]?.sink({
    type: 'session-closed',
    failure: { reason: 'crashed', message: 'it fell' },
  })
  expect(await running).toBe(3)
  expect(context.terminal.said.stderr).toMatch(
    /^2 of 3 done, 1 failed\nto launch failed lines again: .* --retry\n$/,
  )

  context.terminal.said.stdout = ''
  expect(await context.run('--json')).toBe(3)
  expect(context.terminal.said.stdout).toBe('')
  const again = context.run('--retry', '--json')
  const one = await context.session(3)
  one.finish('one')
  expect(await again).toBe(0)
  expect(JSON.parse(context.terminal.said.stdout)).toMatchObject({
    ...{ line: 1, status: 'finished', name: 'first', provider: 'claude', answer: 'one' },
  })
})

test('a limit with a known end is waited for, also if the clock jumps, and the line is launched again', async () => {
  const context = await batch({ prompt: 'one' })
  const running = context.run()
  const first = await context.session(0)
  const resetsAt = context.clock.now() + 3_600_000
  first.sink({ type: 'session-closed', failure: { reason: 'rate-limited', message: 'too much', resetsAt } })
  await expect.poll(async () => (await context.client.agents())[0]?.status).toBe('errored')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(context.driver.sessions).toHaveLength(1)
  context.clock.advance(3_700_000)
  const second = await context.session(1)
  second.finish('done')
  expect(await running).toBe(0)
  expect(context.prompts()).toEqual(['one', 'one'])
})

test('a line that asks leaves its place to others, and goes on when it is answered meanwhile', async () => {
  const context = await batch({ prompt: 'one' }, { prompt: 'two' })
  const running = context.run('--limit', '1')
  const one = await context.session(0)
  one.sink({ type: 'approval-requested', requestId: 'r', tool: 'Bash', input: { command: 'make' } })
  const two = await context.session(1)
  const [agent] = await context.client.agents()
  await context.client.answer(agent?.id ?? '', { decision: 'allow' })
  two.finish('two')
  one.finish('one')
  expect(await running).toBe(0)
  expect(context.terminal.said.stdout).toMatch(/^line 3: [^]*line 1: /)
})

test('a line that still asks at the end is listed, with how to go on', async () => {
  const context = await batch({ prompt: 'one' })
  const running = context.run()
  const { sink } = await context.session(0)
  sink({ type: 'approval-requested', requestId: 'r', tool: 'Bash', input: { command: 'make' } })
  expect(await running).toBe(4)
  expect(context.terminal.said.stderr).toMatch(
    /^line 1: \w+ asks permission: Bash .*make.*\n0 of 1 done, 1 asks\nto answer: subagent-mcp permissions --watch; then for the rest: subagent-mcp run --batch .*tasks\.jsonl\n$/,
  )
})

test('Ctrl-C leaves the agents running, and the next command neither launches them again nor loses their answers', async () => {
  const context = await batch({ prompt: 'one' }, { prompt: 'one' })
  const running = context.run()
  const sessions = [await context.session(0), await context.session(1)]
  await expect.poll(async () => (await context.client.agents()).length).toBe(2)
  context.terminal.interrupt()
  expect(await running).toBe(130)
  expect(context.terminal.said.stderr).toContain('launched agents continue; to continue with the rest:')
  for (const { finish } of sessions) finish('done')
  expect(await context.run('--json')).toBe(0)
  expect(context.terminal.said.stdout.split('\n')).toHaveLength(3)
  expect(await context.client.agents()).toHaveLength(2)
  const all = context.run('--restart')
  for (const number of [2, 3]) (await context.session(number)).finish('again')
  expect(await all).toBe(0)
})

test('a line for which nothing can be launched is reported, and the others run', async () => {
  const context = await batch({ prompt: 'one', provider: 'nobody', model: 'x' }, { prompt: 'two' })
  const running = context.run('--json')
  const two = await context.session(0)
  two.finish('two')
  expect(await running).toBe(3)
  const results = context.terminal.said.stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(results).toMatchObject([
    { line: 1, status: 'refused' },
    { line: 3, status: 'finished' },
  ])
})

test('a wrong line is named, and nothing is launched', async () => {
  const context = await batch({ prompt: 'one' }, { prompt: 'two', colour: 'red' }, { prompt: ' ' })
  await expect(context.run()).rejects.toThrow(
    /tasks\.jsonl:3: a line has no parameter colour; .*tasks\.jsonl:5: prompt is empty; nothing was launched$/,
  )
  expect(await context.client.agents()).toEqual([])
  await expect(runCommand.run(['--batch', '/is/not'], context)).rejects.toThrow(
    'cannot read /is/not (ENOENT)',
  )
})

test.each([
  [['--limit', '2', 'do it'], '--limit needs --batch'],
  [['--batch', 'f', 'do it'], '--batch cannot be combined with <prompt>: each line has its own'],
  [['--batch', 'f', '--model', 'x', '--provider', 'y'], '--batch cannot be combined with --provider'],
  [['--batch', 'f', '--retry', '--restart'], '--retry cannot be combined with --restart'],
  [[], '<prompt> or --batch is missing'],
])('%j: %s', (words, message) => {
  expect(() => runCommand.read(words)).toThrow(message)
})
