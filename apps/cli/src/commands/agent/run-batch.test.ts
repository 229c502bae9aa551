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
  const desk = await startTestContext()
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'batch-')))
  onTestFinished(() => rmSync(home, { recursive: true }))
  desk.terminal.environment = { SUBAGENT_MCP_HOME: home }
  const file = join(home, 'tasks.jsonl')
  const place = { provider: 'claude', model: 'opus' }
  writeFileSync(file, lines.map((line) => JSON.stringify({ ...place, ...line })).join('\n\n'))
  return {
    ...desk,
    run: (...words) => runCommand.run(['--batch', file, ...words], desk),
    session: async (number) => {
      await expect.poll(() => desk.driver.sessions.length).toBeGreaterThan(number)
      const session = desk.driver.sessions[number]
      if (!session) throw new Error('no session')
      await session.open()
      return session
    },
    prompts: () =>
      desk.driver.sessions.map(
        ({ sent }) => sent.flatMap((command) => (command.type === 'prompt' ? [command.text] : []))[0],
      ),
  }
}

test('so many lines run in parallel, and their results are printed as they come', async () => {
  const desk = await batch({ prompt: 'one', name: 'first' }, { prompt: 'two' }, { prompt: 'three' })
  const running = desk.run('--limit', '2')
  await desk.session(0)
  const two = await desk.session(1)
  two.finish('It is \u001b[31mtwo\u001b[0m.')
  const three = await desk.session(2)
  expect(desk.prompts()).toEqual(['one', 'two', 'three'])
  expect(desk.terminal.said.stdout).toMatch(/^line 3: \w+ finished .*\nIt is two\.\n\n$/)
  three.finish('three')
  desk.driver.sessions[0]?.sink({
    type: 'session-closed',
    failure: { reason: 'crashed', message: 'it fell' },
  })
  expect(await running).toBe(3)
  expect(desk.terminal.said.stderr).toMatch(
    /^2 of 3 done, 1 failed\nto launch failed lines again: .* --retry\n$/,
  )

  desk.terminal.said.stdout = ''
  expect(await desk.run('--json')).toBe(3)
  expect(desk.terminal.said.stdout).toBe('')
  const again = desk.run('--retry', '--json')
  const one = await desk.session(3)
  one.finish('one')
  expect(await again).toBe(0)
  expect(JSON.parse(desk.terminal.said.stdout)).toMatchObject({
    ...{ line: 1, status: 'finished', name: 'first', provider: 'claude', answer: 'one' },
  })
})

test('a limit with a known end is waited for, also if the clock jumps, and the line is launched again', async () => {
  const desk = await batch({ prompt: 'one' })
  const running = desk.run()
  const first = await desk.session(0)
  const resetsAt = desk.clock.now() + 3_600_000
  first.sink({ type: 'session-closed', failure: { reason: 'rate-limited', message: 'too much', resetsAt } })
  await expect.poll(async () => (await desk.client.agents())[0]?.status).toBe('errored')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(desk.driver.sessions).toHaveLength(1)
  desk.clock.advance(3_700_000)
  const second = await desk.session(1)
  second.finish('done')
  expect(await running).toBe(0)
  expect(desk.prompts()).toEqual(['one', 'one'])
})

test('a line that asks leaves its place to others, and goes on when it is answered meanwhile', async () => {
  const desk = await batch({ prompt: 'one' }, { prompt: 'two' })
  const running = desk.run('--limit', '1')
  const one = await desk.session(0)
  one.sink({ type: 'approval-requested', requestId: 'r', tool: 'Bash', input: { command: 'make' } })
  const two = await desk.session(1)
  const [agent] = await desk.client.agents()
  await desk.client.answer(agent?.id ?? '', { decision: 'allow' })
  two.finish('two')
  one.finish('one')
  expect(await running).toBe(0)
  expect(desk.terminal.said.stdout).toMatch(/^line 3: [^]*line 1: /)
})

test('a line that still asks at the end is listed, with how to go on', async () => {
  const desk = await batch({ prompt: 'one' })
  const running = desk.run()
  const { sink } = await desk.session(0)
  sink({ type: 'approval-requested', requestId: 'r', tool: 'Bash', input: { command: 'make' } })
  expect(await running).toBe(4)
  expect(desk.terminal.said.stderr).toMatch(
    /^line 1: \w+ asks permission: Bash .*make.*\n0 of 1 done, 1 asks\nto answer: subagent-mcp permissions --watch; then for the rest: subagent-mcp run --batch .*tasks\.jsonl\n$/,
  )
})

test('Ctrl-C leaves the agents running, and the next command neither launches them again nor loses their answers', async () => {
  const desk = await batch({ prompt: 'one' }, { prompt: 'one' })
  const running = desk.run()
  const sessions = [await desk.session(0), await desk.session(1)]
  await expect.poll(async () => (await desk.client.agents()).length).toBe(2)
  desk.terminal.interrupt()
  expect(await running).toBe(130)
  expect(desk.terminal.said.stderr).toContain('launched agents continue; to continue with the rest:')
  for (const { finish } of sessions) finish('done')
  expect(await desk.run('--json')).toBe(0)
  expect(desk.terminal.said.stdout.split('\n')).toHaveLength(3)
  expect(await desk.client.agents()).toHaveLength(2)
  const all = desk.run('--restart')
  for (const number of [2, 3]) (await desk.session(number)).finish('again')
  expect(await all).toBe(0)
})

test('a line for which nothing can be launched is reported, and the others run', async () => {
  const desk = await batch({ prompt: 'one', provider: 'nobody', model: 'x' }, { prompt: 'two' })
  const running = desk.run('--json')
  const two = await desk.session(0)
  two.finish('two')
  expect(await running).toBe(3)
  const results = desk.terminal.said.stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(results).toMatchObject([
    { line: 1, status: 'refused' },
    { line: 3, status: 'finished' },
  ])
})

test('a wrong line is named, and nothing is launched', async () => {
  const desk = await batch({ prompt: 'one' }, { prompt: 'two', colour: 'red' }, { prompt: ' ' })
  await expect(desk.run()).rejects.toThrow(
    /tasks\.jsonl:3: a line has no parameter colour; .*tasks\.jsonl:5: prompt is empty; nothing was launched$/,
  )
  expect(await desk.client.agents()).toEqual([])
  await expect(runCommand.run(['--batch', '/is/not'], desk)).rejects.toThrow('cannot read /is/not (ENOENT)')
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
