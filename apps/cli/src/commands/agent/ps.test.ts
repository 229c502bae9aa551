import { psCommand } from './ps.js'
import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'

test('without agents it says how to launch one', async () => {
  const { terminal, ...context } = await startTestContext()
  expect(await psCommand.run([], { ...context, terminal })).toBe(0)
  expect(terminal.said).toEqual({
    stdout: '',
    stderr: 'no agents; launch one: subagent-mcp run "<prompt>"\n',
  })
})

test('lists running agents, and agents that ended within the last hour', async () => {
  const context = await startTestContext()
  const [one, two] = [await context.launched('tests', '/home/me/app'), await context.launched()]
  one.session.sink({ type: 'tool-started', callId: 'c', tool: 'Bash', input: { command: 'npm test' } })
  await context.client.kill(two.id)
  context.clock.advance(125_000)
  await psCommand.run([], context)
  const [titles = '', first = '', second = ''] = context.terminal.said.stdout.split('\n')
  const cells = (line: string): string[] => line.split(/ {2,}/)
  expect(cells(titles)).toEqual([
    'ID',
    'NAME',
    'MODEL',
    'STATUS',
    'AGE',
    'IDLE',
    'TURNS',
    'TOKENS',
    'FOLDER',
    'NOW',
  ])
  expect(cells(first)).toEqual([
    'a1',
    'tests',
    'claude/opus',
    'processing',
    '2m',
    '2m',
    '0',
    '~/app',
    'Bash {"command":"npm test"}',
  ])
  expect(cells(second).slice(0, 3)).toEqual(['a3', 'claude/opus', 'stopped'])
  context.clock.advance(3_600_000)
  context.terminal.said.stdout = ''
  await psCommand.run([], context)
  expect(context.terminal.said.stdout).not.toContain('a3')
  expect(context.terminal.said.stderr).toBe('1 more ended over an hour ago: subagent-mcp ps --all\n')
})

test('as JSON; all of them, or those of a project', async () => {
  const context = await startTestContext()
  const { id } = await context.launched()
  const here = async (...words: string[]): Promise<unknown> => {
    context.terminal.said.stdout = ''
    await psCommand.run(['--json', ...words], context)
    return JSON.parse(context.terminal.said.stdout)
  }
  expect(await here()).toEqual(await context.client.agents())
  expect(await here('--here')).toMatchObject([{ id }])
  context.terminal.cwd = '/'
  expect(await here('--here')).toEqual([])
  expect(context.terminal.said.stderr).toBe('')
})

test('at 80 columns names are whole, the agents at work come first, and a finished one shows its answer', async () => {
  const context = await startTestContext()
  const { session } = await context.launched('first of two')
  session.sink({ type: 'message-ended', text: 'Both tests pass.' })
  session.finish('Both tests pass.')
  await context.launched('second of two')
  context.terminal.widen({ columns: 80, rows: 10 })
  await psCommand.run([], context)
  expect(context.terminal.said.stdout.split('\n').slice(1, 3)).toEqual([
    expect.stringMatching(/^a\d +second of two .* processing .*starts/),
    expect.stringMatching(/^a1 +first of two .* finished .*Both tests pass\./),
  ])
})
