import { psCommand } from './ps.js'
import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'

test('in a pipe it is a line for each change', async () => {
  const desk = await startTestContext()
  const { session } = await desk.launched('tests')
  const watching = psCommand.run(['--watch'], desk)
  const lines = (): string[] =>
    desk.terminal.said.stdout
      .trimEnd()
      .replace(/^\S+ {2}/gm, '')
      .split('\n')
  await expect.poll(lines).toEqual(['a1 "tests" is processing (claude/opus)'])
  session.sink({ type: 'thinking-advanced' })
  session.finish()
  await expect.poll(lines).toHaveLength(2)
  expect(lines()[1]).toBe('a1 "tests" finished in 0.0 s on claude/opus')
  desk.terminal.interrupt()
  expect(await watching).toBe(130)
})

test('on a terminal it takes the screen, and gives it back', async () => {
  const desk = await startTestContext()
  desk.terminal.widen({ columns: 80, rows: 6 })
  const { said } = desk.terminal
  for (let number = 0; number < 5; number += 1) await desk.launched()
  const watching = psCommand.run(['--watch'], desk)
  await expect.poll(() => said.stdout).toContain('5 of 5 agents run')
  const frame = said.stdout.split('\u001b[H')[1] ?? ''
  expect(frame.split('\r\n').length).toBeLessThanOrEqual(6)
  expect(frame).toContain('a9')
  expect(frame).not.toContain('a1 ')
  await desk.client.kill('a9')
  await expect.poll(() => said.stdout).toContain('4 of 5 agents run')
  desk.terminal.interrupt()
  expect(await watching).toBe(130)
  expect(said.stdout.startsWith('\u001b[?1049h\u001b[?25l\u001b[H')).toBe(true)
  expect(said.stdout.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true)
})

test('as JSON it is a line for each state', async () => {
  const desk = await startTestContext()
  const watching = psCommand.run(['--watch', '--json'], desk)
  await expect.poll(() => desk.terminal.said.stdout).toBe('[]\n')
  await desk.launched()
  const last = (): unknown => JSON.parse(desk.terminal.said.stdout.trimEnd().split('\n').at(-1) ?? '')
  await expect.poll(last).toMatchObject([{ id: 'a1', status: 'processing' }])
  desk.terminal.interrupt()
  await watching
})

test('when the daemon ends it ends too, and says so', async () => {
  const desk = await startTestContext()
  desk.terminal.widen({ columns: 80, rows: 24 })
  const watching = psCommand.run(['--watch'], desk)
  const failed = expect(watching).rejects.toMatchObject({ code: 'daemon-unreachable' })
  await expect.poll(() => desk.terminal.said.stdout).toContain('0 of 0')
  await desk.close()
  await failed
  expect(desk.terminal.said.stdout.endsWith('\u001b[?1049l')).toBe(true)
})
