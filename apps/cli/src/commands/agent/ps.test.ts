import { psCommand } from './ps.js'
import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'

test('without agents it says how to launch one', async () => {
  const { terminal, ...desk } = await startTestContext()
  expect(await psCommand.run([], { ...desk, terminal })).toBe(0)
  expect(terminal.said).toEqual({
    stdout: '',
    stderr: 'no agents; launch one: subagent-mcp run "<prompt>"\n',
  })
})

test('lists running agents, and agents that ended within the last hour', async () => {
  const desk = await startTestContext()
  const [one, two] = [await desk.launched('tests', '/home/me/app'), await desk.launched()]
  one.session.sink({ type: 'tool-started', callId: 'c', tool: 'Bash', input: { command: 'npm test' } })
  await desk.client.kill(two.id)
  desk.clock.advance(125_000)
  await psCommand.run([], desk)
  const [titles = '', first = '', second = ''] = desk.terminal.said.stdout.split('\n')
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
  desk.clock.advance(3_600_000)
  desk.terminal.said.stdout = ''
  await psCommand.run([], desk)
  expect(desk.terminal.said.stdout).not.toContain('a3')
  expect(desk.terminal.said.stderr).toBe('1 more ended over an hour ago: subagent-mcp ps --all\n')
})

test('as JSON; all of them, or those of a project', async () => {
  const desk = await startTestContext()
  const { id } = await desk.launched()
  const here = async (...words: string[]): Promise<unknown> => {
    desk.terminal.said.stdout = ''
    await psCommand.run(['--json', ...words], desk)
    return JSON.parse(desk.terminal.said.stdout)
  }
  expect(await here()).toEqual(await desk.client.agents())
  expect(await here('--here')).toMatchObject([{ id }])
  desk.terminal.cwd = '/'
  expect(await here('--here')).toEqual([])
  expect(desk.terminal.said.stderr).toBe('')
})

test('at 80 columns names are whole, the agents at work come first, and a finished one shows its answer', async () => {
  const desk = await startTestContext()
  const { session } = await desk.launched('first of two')
  session.sink({ type: 'message-ended', text: 'Both tests pass.' })
  session.finish('Both tests pass.')
  await desk.launched('second of two')
  desk.terminal.widen({ columns: 80, rows: 10 })
  await psCommand.run([], desk)
  expect(desk.terminal.said.stdout.split('\n').slice(1, 3)).toEqual([
    expect.stringMatching(/^a\d +second of two .* processing .*starts/),
    expect.stringMatching(/^a1 +first of two .* finished .*Both tests pass\./),
  ])
})
