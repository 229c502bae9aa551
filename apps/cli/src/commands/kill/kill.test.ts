import { expect, test } from 'vitest'
import { startHandDesk } from '../../terminal/hand-desk.test.support.js'
import { killAgents } from './kill-agents.js'
import { readKillOrder } from './kill-order.js'

test('the words', () => {
  expect(readKillOrder(['a', 'b', '--json'])).toEqual({ words: ['a', 'b'], json: true })
  expect(readKillOrder(['--all'])).toEqual({ words: 'all', json: false })
  expect(() => readKillOrder([])).toThrow('there is no agent')
  expect(() => readKillOrder(['--all', 'a'])).toThrow('--all leaves no one to name')
})

test('those named, by id and by name', async () => {
  const desk = await startHandDesk()
  for (const name of ['one', 'two', 'three']) await desk.launched(name)
  await desk.client.kill('a1')
  expect(await killAgents(readKillOrder(['a1', 'two']), desk)).toBe(0)
  expect(desk.terminal.said.stdout).toBe('a1 "one" had ended already\na3 "two" was killed\n')
  const statuses = (await desk.client.agents()).map(({ status }) => status)
  expect(statuses).toEqual(['stopped', 'stopped', 'processing'])
})

test('none where one is unknown', async () => {
  const desk = await startHandDesk()
  await desk.launched()
  await expect(killAgents(readKillOrder(['a1', 'x']), desk)).rejects.toMatchObject({ code: 'unknown-agent' })
  expect(await desk.client.agents()).toMatchObject([{ status: 'processing' }])
})

test('all', async () => {
  const desk = await startHandDesk()
  await desk.launched()
  await desk.launched()
  await killAgents(readKillOrder(['--all', '--json']), desk)
  expect(JSON.parse(desk.terminal.said.stdout)).toMatchObject([{ status: 'stopped' }, { status: 'stopped' }])
  await killAgents(readKillOrder(['--all']), desk)
  expect(desk.terminal.said.stderr).toBe('no agent is alive\n')
})
