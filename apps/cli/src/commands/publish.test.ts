import { expect, test } from 'vitest'
import { startMailDesk } from '../terminal/mail-desk.test.support.js'
import { readPublishOrder } from './publish-order.js'
import { publishEvent } from './publish.js'

test('it says to whom an event went', async () => {
  const desk = await startMailDesk()
  const words = ['ci.build', 'main is red', '--severity', 'high', '--key', 'k', '--from', 'ci']
  expect(await publishEvent(readPublishOrder(words), desk)).toBe(0)
  expect(await publishEvent(readPublishOrder(words), desk)).toBe(0)
  expect(desk.terminal.said.stdout).toBe('sent to app\nwas sent before to app\n')
  const event = { kind: 'event', topic: 'ci.build', severity: 'high', body: 'main is red' }
  expect(await desk.client.mail.inbox('app')).toMatchObject([event])
})

test('nobody subscribes', async () => {
  const desk = await startMailDesk()
  desk.terminal.input = 'hi'
  expect(await publishEvent(readPublishOrder(['news']), desk)).toBe(0)
  expect(desk.terminal.said.stdout).toBe("nobody subscribes to 'news'\n")
  desk.terminal.said.stdout = ''
  await publishEvent(readPublishOrder(['news', 'hi', '--json']), desk)
  expect(JSON.parse(desk.terminal.said.stdout)).toMatchObject({ to: [] })
})
