import { realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { identified, startTestContext, openNewestSession } from '../../terminal/context.test.support.js'
import { sendCommand } from './send.js'

test('it says what became of a message', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  session.sink(identified)
  const said = async (...words: string[]): Promise<string> => {
    context.terminal.said.stdout = ''
    expect(await sendCommand.run(['a1', ...words], context)).toBe(0)
    return context.terminal.said.stdout
  }
  expect(await said('more')).toBe('a1 is busy: the message is queued, number 1 in line\n')
  session.finish()
  session.finish()
  expect(await said('go', 'on')).toBe('a1 started a turn\n')
  expect(session.sent.at(-1)).toMatchObject({ type: 'prompt', text: 'go on' })
  session.finish()
  context.supervisor.dispatch({ type: 'idle-expired', at: context.clock.now(), agentId: 'a1' })
  context.terminal.input = 'from stdin\n'
  expect(await said('-')).toBe('a1 is resumed on its session\n')
  const resumed = await openNewestSession(context.driver)
  expect(resumed.sent).toMatchObject([{ type: 'prompt', text: 'from stdin\n' }])
  expect(JSON.parse(await said('more', '--json'))).toMatchObject({ outcome: 'queued', position: 1 })
})

test('files are those of the folder of the terminal', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  session.finish()
  context.rule(() => ({ verdict: 'allow', by: 'preset ask' }))
  writeFileSync(join(context.terminal.cwd, 'a.txt'), 'a')
  expect(await sendCommand.run(['a1', 'look', '--file', './a.txt'], context)).toBe(0)
  const path = realpathSync(join(context.terminal.cwd, 'a.txt'))
  expect(session.sent.at(-1)).toMatchObject({ text: 'look', files: [{ path }] })
  await expect(sendCommand.run(['a1', 'look', '--file', 'b.txt'], context)).rejects.toThrow(
    `b.txt cannot be attached: it does not exist`,
  )
})

test('with --wait it prints the answer', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  session.finish('first')
  const sending = sendCommand.run(['a1', 'again', '--wait'], context)
  await expect.poll(() => session.sent.length).toBe(2)
  session.finish('second')
  expect(await sending).toBe(0)
  expect(context.terminal.said).toEqual({
    stdout: 'a1 finished in 0.0 s on claude/opus\nsecond\n\n',
    stderr: 'a1 started a turn\n',
  })
})

test('with --wait it says when the daemon ends', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  session.finish('first')
  const sending = sendCommand.run(['a1', 'again', '--wait'], context)
  await expect.poll(() => context.terminal.said.stderr).toContain('started a turn')
  await context.close()
  expect(await sending).toBe(3)
  expect(context.terminal.said.stderr).toBe(
    'a1 started a turn\nthe daemon has ended; a1 was interrupted: subagent-mcp send a1 "go on"\n',
  )
})
