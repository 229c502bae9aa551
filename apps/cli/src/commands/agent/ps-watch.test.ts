import { psCommand } from './ps.js'
import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'

test('in a pipe it is a line for each change', async () => {
  const context = await startTestContext()
  const { session } = await context.launched('tests')
  const watching = psCommand.run(['--watch'], context)
  const lines = (): string[] =>
    context.terminal.said.stdout
      .trimEnd()
      .replace(/^\S+ {2}/gm, '')
      .split('\n')
  await expect.poll(lines).toEqual(['a1 "tests" is processing (claude/opus)'])
  session.sink({ type: 'thinking-advanced' })
  session.finish()
  await expect.poll(lines).toHaveLength(2)
  expect(lines()[1]).toBe('a1 "tests" finished in 0.0 s on claude/opus')
  context.terminal.interrupt()
  expect(await watching).toBe(130)
})

test('as JSON it is a line for each state', async () => {
  const context = await startTestContext()
  const watching = psCommand.run(['--watch', '--json'], context)
  await expect.poll(() => context.terminal.said.stdout).toMatch(/^\[\]\n/)
  await context.launched()
  const last = (): unknown => JSON.parse(context.terminal.said.stdout.trimEnd().split('\n').at(-1) ?? '')
  await expect.poll(last).toMatchObject([{ id: 'a1', status: 'processing' }])
  context.terminal.interrupt()
  await watching
})

test('when the daemon ends it ends too, and says so', async () => {
  const context = await startTestContext()
  const watching = psCommand.run(['--watch'], context)
  const failed = expect(watching).rejects.toMatchObject({ code: 'daemon-unreachable' })
  await context.launched('tests')
  await expect.poll(() => context.terminal.said.stdout).toContain('tests')
  await context.close()
  await failed
})
