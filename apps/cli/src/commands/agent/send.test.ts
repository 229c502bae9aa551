import { realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { identified, startTestContext, openNewestSession } from '../../terminal/context.test.support.js'
import { sendCommand } from './send.js'

test('it says what became of a message', async () => {
  const desk = await startTestContext()
  const { session } = await desk.launched()
  session.sink(identified)
  const said = async (...words: string[]): Promise<string> => {
    desk.terminal.said.stdout = ''
    expect(await sendCommand.run(['a1', ...words], desk)).toBe(0)
    return desk.terminal.said.stdout
  }
  expect(await said('more')).toBe('a1 is busy: the message is queued, number 1 in line\n')
  session.finish()
  session.finish()
  expect(await said('go', 'on')).toBe('a1 started a turn\n')
  expect(session.sent.at(-1)).toMatchObject({ type: 'prompt', text: 'go on' })
  session.finish()
  desk.supervisor.dispatch({ type: 'idle-expired', at: desk.clock.now(), agentId: 'a1' })
  desk.terminal.input = 'from stdin\n'
  expect(await said('-')).toBe('a1 is resumed on its session\n')
  const resumed = await openNewestSession(desk.driver)
  expect(resumed.sent).toMatchObject([{ type: 'prompt', text: 'from stdin\n' }])
  expect(JSON.parse(await said('more', '--json'))).toMatchObject({ outcome: 'queued', position: 1 })
})

test('files are those of the folder of the terminal', async () => {
  const desk = await startTestContext()
  const { session } = await desk.launched()
  session.finish()
  desk.rule(() => ({ verdict: 'allow', by: 'preset ask' }))
  writeFileSync(join(desk.terminal.cwd, 'a.txt'), 'a')
  expect(await sendCommand.run(['a1', 'look', '--file', './a.txt'], desk)).toBe(0)
  const path = realpathSync(join(desk.terminal.cwd, 'a.txt'))
  expect(session.sent.at(-1)).toMatchObject({ text: 'look', files: [{ path }] })
  await expect(sendCommand.run(['a1', 'look', '--file', 'b.txt'], desk)).rejects.toThrow(
    `b.txt cannot be attached: it does not exist`,
  )
})

test('with --wait it prints the answer', async () => {
  const desk = await startTestContext()
  const { session } = await desk.launched()
  session.finish('first')
  const sending = sendCommand.run(['a1', 'again', '--wait'], desk)
  await expect.poll(() => session.sent.length).toBe(2)
  session.finish('second')
  expect(await sending).toBe(0)
  expect(desk.terminal.said).toEqual({
    stdout: 'a1 finished in 0.0 s on claude/opus\nsecond\n\n',
    stderr: 'a1 started a turn\n',
  })
})

test('with --wait it says when the daemon ends', async () => {
  const desk = await startTestContext()
  const { session } = await desk.launched()
  session.finish('first')
  const sending = sendCommand.run(['a1', 'again', '--wait'], desk)
  await expect.poll(() => desk.terminal.said.stderr).toContain('started a turn')
  await desk.close()
  expect(await sending).toBe(3)
  expect(desk.terminal.said.stderr).toBe(
    'a1 started a turn\nthe daemon has ended; a1 was interrupted: subagent-mcp send a1 "go on"\n',
  )
})
