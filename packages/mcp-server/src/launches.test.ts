import type { Failure } from '@subagent-mcp/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { order, startHandServer, type HandServer } from './hand-server.test.support.js'

let driver: HandServer['driver']
let host: HandServer['host']
let close: HandServer['close']

beforeEach(async () => {
  ;({ driver, host, close } = await startHandServer())
})

afterEach(() => close())

test('a known request id launches nothing new', async () => {
  await host.call('launch_agent', { ...order, request_id: 'r' })
  expect(await host.call('launch_agent', { ...order, request_id: 'r' })).toContain('request_id known')
  expect(driver.sessions).toHaveLength(1)
})

test('a launch that moved on says so in poll_agent and once in wait', async () => {
  await host.call('launch_agent', { prompt: 'x', task_category: 'coding' })
  const failure: Failure = { reason: 'overloaded', message: 'too busy\nfor you' }
  await driver.sessions.at(-1)?.open({ type: 'failed', failure })
  await driver.sessions.at(-1)?.open()
  expect(await host.call('poll_agent', { agent_id: 'a1' })).toMatch(
    /^moved on from claude .*: overloaded: too busy$/m,
  )
  driver.sessions.at(-1)?.finish('done')
  expect(await host.call('wait')).toMatch(/^moved on from claude .*: overloaded: too busy\ndone$/m)
  await host.call('send_message', { agent_id: 'a1', message: 'more' })
  driver.sessions.at(-1)?.finish('again')
  expect(await host.call('wait')).not.toContain('moved on')
})

test('what is not as it was asked for is said at launch', async () => {
  driver.effort = () => ({ type: 'none', note: 'opus takes no effort' })
  expect(await host.call('launch_agent', order)).toMatch(
    /^launched agent a1 on claude opus high\nnote: opus takes no effort\nnext: /,
  )
})
