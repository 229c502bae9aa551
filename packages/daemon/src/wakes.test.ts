import { encodeRequestingProcessHeader } from '@subagent-mcp/api'
import { connectCaller, launchSupervisedAgent } from '@subagent-mcp/core'
import { expect, test } from 'vitest'
import { sendRequest, type TestRequest } from './ask.test.support.js'
import { pollUntil, startManualDaemon, type ManualDaemon } from './manual-daemon.test.support.js'

/** A daemon to which a host with the process 7 is connected, with a running agent. */
async function startHosted() {
  const daemon = await startManualDaemon()
  const { supervisor, driver } = daemon
  connectCaller(supervisor, { caller: 'host', project: '/p', hostProcesses: [7] })
  const { agent } = launchSupervisedAgent(supervisor, 'host', {
    prompt: 'work',
    cwd: '/p',
    provider: 'claude',
    model: 'opus',
  })
  const session = driver.sessions.at(-1)
  await session?.open()
  return { daemon, id: agent.profile.id, session }
}

async function nextWake(
  daemon: ManualDaemon,
  known = '',
  headers: TestRequest['headers'] = {},
): Promise<unknown> {
  const path = `/v1/wakes?process=7&project=%2Fp&known=${known}`
  const { text } = await sendRequest(daemon, { path, headers })
  const answer: unknown = JSON.parse(text)
  return answer
}

test('a request is answered with keys once an agent of the session has ended, and with those only', async () => {
  const { daemon, id, session } = await startHosted()
  const wake = nextWake(daemon)
  await pollUntil(() => daemon.server.connections() === 1)
  session?.finish('what it says')
  await new Promise((resolve) => setImmediate(resolve))
  daemon.clock.advance(1_000)
  expect(await wake).toEqual({ type: 'unread', finished: [`${id}.1`], asking: [] })
})

test('a newer request of the session replaces the older one, and one of a sub-agent does not', async () => {
  const { daemon, id } = await startHosted()
  const first = nextWake(daemon)
  await pollUntil(() => daemon.server.connections() === 1)
  const second = nextWake(daemon, `${id}.1`)
  expect(await first).toEqual({ type: 'replaced' })
  const asker = { pid: 9, environment: { SUBAGENT_MCP_DEPTH: '1' } }
  const inside = await nextWake(daemon, '', encodeRequestingProcessHeader(asker))
  expect(inside).toEqual({ type: 'over' })
  expect(daemon.server.connections()).toBe(1)
  daemon.supervisor.dispatch({ type: 'caller-disconnected', at: daemon.clock.now(), caller: 'host' })
  expect(await second).toEqual({ type: 'over' })
})
