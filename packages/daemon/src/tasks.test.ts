import { launchSupervisedAgent } from '@subagent-mcp/core'
import type { ManualSession } from '@subagent-mcp/testkit'
import { describe, expect, test } from 'vitest'
import type { InvokeBody, WaitForAgentsBody } from '@subagent-mcp/api'
import { sendRequest } from './ask.test.support.js'
import { manualAuthority } from './manual-agents.test.support.js'
import {
  startManualDaemon,
  hasSecret,
  pollUntil,
  launchBody,
  type ManualDaemon,
} from './manual-daemon.test.support.js'

const { cwd, environment } = launchBody
const body: InvokeBody = { agent: 'reviewer', task: 'look', cwd, environment }

/** Waits until so many sessions were started, and opens the newest one. */
async function opened({ driver }: ManualDaemon, number = 1): Promise<ManualSession> {
  await pollUntil(() => driver.sessions.length === number)
  const session = driver.sessions.at(-1)
  if (!session) throw new Error('no session was opened')
  await session.open()
  return session
}

const waitFor = (id: string): WaitForAgentsBody => ({ agentIds: [id], until: 'all', timeoutSeconds: 60 })

describe('a task over HTTP', () => {
  test('returns its answer when it has ended, and is deleted then', async () => {
    const daemon = await startManualDaemon()
    const { client, supervisor, visits } = daemon
    const running = client.invoke(body)
    const session = await opened(daemon)
    expect(session.spec).toMatchObject({ pool: 'k' })
    expect(session.sent).toMatchObject([{ type: 'prompt', text: 'look' }])
    expect(visits).toMatchObject([{ guest: { cwd, environment, terminal: true }, left: 0 }])
    session.finish('all is well')
    expect(await running).toMatchObject({
      state: 'finished',
      answer: 'all is well',
      agent: { name: 'reviewer', category: 'quality_review', takesMessages: false },
    })
    await pollUntil(() => supervisor.state().agents.size === 0)
    expect(visits).toMatchObject([{ left: 1 }])
  })

  test('that fails returns the reason', async () => {
    const daemon = await startManualDaemon()
    const running = daemon.client.invoke(body)
    const session = await opened(daemon)
    session.sink({ type: 'message-ended', text: 'half' })
    session.sink({ type: 'session-closed', failure: { reason: 'crashed', message: 'it fell over' } })
    expect(await running).toMatchObject({
      state: 'errored',
      answer: 'half',
      failure: { reason: 'crashed', message: 'it fell over' },
    })
  })

  test('has the time limit of its request', async () => {
    const daemon = await startManualDaemon()
    const running = daemon.client.invoke({ ...body, timeoutSeconds: 5 })
    const session = await opened(daemon)
    daemon.clock.advance(5_000)
    const turnId = session.sent.flatMap((command) => (command.type === 'prompt' ? [command.turnId] : []))[0]
    session.sink({ type: 'turn-ended', turnId: turnId ?? '', outcome: { type: 'interrupted' } })
    expect(await running).toMatchObject({ state: 'errored', failure: { reason: 'timed-out' } })
  })

  test('that asks for permission returns immediately, continues when it is answered, and is deleted by the wait that returns its end', async () => {
    const daemon = await startManualDaemon()
    const { client, supervisor } = daemon
    const running = client.invoke(body)
    const session = await opened(daemon)
    session.sink({ type: 'approval-requested', requestId: 'q', tool: 'bash', input: {} })
    const { state, answer, agent } = await running
    expect({ state, answer }).toEqual({ state: 'asks' })
    await client.answer(agent.id, { decision: 'allow' })
    const waiting = client.wait({ agentIds: [agent.id], until: 'all', timeoutSeconds: 60 })
    session.finish('done')
    expect(await waiting).toMatchObject({
      timedOut: false,
      agents: [{ status: 'finished' }],
      answers: { [agent.id]: 'done' },
    })
    await pollUntil(() => supervisor.state().agents.size === 0)
  })

  test('is not deleted by the wait of another client while its caller is connected', async () => {
    const daemon = await startManualDaemon()
    const { client, supervisor } = daemon
    const place = { project: cwd, depth: 0, authority: manualAuthority }
    supervisor.dispatch({ type: 'caller-connected', at: 0, caller: 'host', ...place })
    const { template } = daemon.agents
      .definitionsAt(cwd)
      .launchTemplate('reviewer', { cwd: undefined, pooled: true })
    const { agent } = launchSupervisedAgent(supervisor, 'host', { prompt: 'look', cwd, template })
    const session = await opened(daemon)
    session.finish('done')
    const { id } = agent.profile
    const waited = await client.wait({ agentIds: [id], until: 'all', timeoutSeconds: 60 })
    expect(waited.answers).toEqual({})
    expect(await client.agent(id)).toMatchObject({ said: 'done' })
  })

  test('continues when its client closes the request, and a later wait returns its answer once', async () => {
    const daemon = await startManualDaemon()
    const { client, supervisor } = daemon
    const hangUp = new AbortController()
    const { id, over } = await client.startTask(body, hangUp.signal)
    const session = await opened(daemon)
    hangUp.abort()
    await expect(over).rejects.toMatchObject({ name: 'AbortError' })
    await pollUntil(() => supervisor.state().calls.size === 0)
    const wait = waitFor(id)
    const waiting = client.wait(wait)
    session.finish('done')
    expect(await waiting).toMatchObject({ agents: [{ status: 'finished' }], answers: { [id]: 'done' } })
    await pollUntil(() => supervisor.state().agents.size === 0)
    await expect(client.wait(wait)).rejects.toMatchObject({ code: 'unknown-agent' })
  })

  test('whose answer cannot be read is kept until a wait could return it', async () => {
    const daemon = await startManualDaemon()
    const { client, supervisor, facts } = daemon
    const { id, over } = await client.startTask(body, new AbortController().signal)
    const session = await opened(daemon)
    session.sink({ type: 'message-ended', text: 'half' })
    session.sink({ type: 'session-closed', failure: { reason: 'crashed', message: 'it fell over' } })
    const unreadable = facts.splice(0)
    await expect(over).rejects.toMatchObject({ code: 'io-failed' })
    const waited = await client.wait(waitFor(id))
    expect(waited.answers).toEqual({})
    expect(waited.unreadable?.[id]).toContain('is not in the journal')
    facts.push(...unreadable)
    expect(await client.wait(waitFor(id))).toMatchObject({ answers: { [id]: 'half' } })
    await pollUntil(() => supervisor.state().agents.size === 0)
  })

  test('is returned by its own request, and by no wait in parallel', async () => {
    const daemon = await startManualDaemon()
    const { client } = daemon
    const { id, over } = await client.startTask(body, new AbortController().signal)
    const session = await opened(daemon)
    const waiting = client.wait(waitFor(id))
    await expect.poll(async () => (await client.health()).connections).toBe(2)
    session.finish('done')
    expect(await over).toMatchObject({ answer: 'done' })
    expect((await waiting).answers).toEqual({})
  })

  test('is announced when it is launched, with its place in the queue', async () => {
    const daemon = await startManualDaemon()
    const { client, supervisor } = daemon
    const { signal } = new AbortController()
    const first = await client.startTask(body, signal)
    const second = await client.startTask(body, signal)
    expect(second).toMatchObject({ position: 1 })
    const session = await opened(daemon)
    session.finish('here')
    expect(await first.over).toMatchObject({ agent: { id: first.id }, state: 'finished', answer: 'here' })
    await pollUntil(() => !supervisor.state().agents.has(first.id))
    const next = await opened(daemon, 2)
    next.finish('there')
    expect(await second.over).toMatchObject({ answer: 'there' })
  })

  test('whose client answers permissions continues after them, and when the client closes the request', async () => {
    const daemon = await startManualDaemon()
    const { client, supervisor } = daemon
    const hangUp = new AbortController()
    const { id, over } = await client.startTask({ ...body, attended: true }, hangUp.signal)
    const session = await opened(daemon)
    session.sink({ type: 'approval-requested', requestId: 'q', tool: 'bash', input: {} })
    await client.answer(id, { decision: 'allow' })
    session.finish('done')
    expect(await over).toMatchObject({ state: 'finished', answer: 'done' })
    const asking = await client.startTask({ ...body, attended: true }, hangUp.signal)
    const next = await opened(daemon, 2)
    next.sink({ type: 'approval-requested', requestId: 'q', tool: 'bash', input: {} })
    hangUp.abort()
    await expect(asking.over).rejects.toMatchObject({ name: 'AbortError' })
    await client.answer(asking.id, { decision: 'deny' })
    next.finish('went without')
    const wait = waitFor(asking.id)
    expect(await client.wait(wait)).toMatchObject({ answers: { [asking.id]: 'went without' } })
    await pollUntil(() => supervisor.state().agents.size === 0)
  })

  test('of an unknown definition is refused', async () => {
    const { client } = await startManualDaemon()
    const refused = { code: 'unknown-definition', hint: 'there is reviewer' }
    const order = { ...body, agent: 'poet' }
    await expect(client.invoke(order)).rejects.toMatchObject(refused)
    await expect(client.startTask(order, new AbortController().signal)).rejects.toMatchObject(refused)
  })
})

test('a launch by a definition needs no category, and is refused with one', async () => {
  const { client, driver } = await startManualDaemon()
  const { agent } = await client.launch({ prompt: 'hi', agent: 'reviewer', cwd, environment })
  expect(agent).toMatchObject({ name: 'reviewer', category: 'quality_review', takesMessages: true })
  expect(driver.sessions.at(-1)?.spec).toMatchObject({ appendSystemPrompt: 'Review.' })
  const both = { ...launchBody, agent: 'reviewer' }
  await expect(client.launch(both)).rejects.toMatchObject({ code: 'invalid-parameter' })
  const neither = await client.launch({ prompt: 'hi', cwd, environment })
  expect(neither).toMatchObject({ agent: { category: 'fallback_default' } })
})

test('pooled processes are warmed up, listed, counted and ended', async () => {
  const daemon = await startManualDaemon()
  const { client } = daemon
  const here = { cwd, environment }
  expect(await client.warmUp('reviewer', { ...here, cache: true })).toMatchObject({ pid: 4242, tasks: 1 })
  const agents = await client.pool(here)
  expect(agents).toMatchObject([
    { name: 'reviewer', path: '/p/agents/reviewer.md', processes: [{ pid: 4242 }] },
  ])
  expect(hasSecret(JSON.stringify(agents))).toBe(false)
  const { text } = await sendRequest(daemon, { path: '/v1/metrics' })
  expect(text).toContain('subagent_mcp_pooled_processes{status="warm"} 1\n')
  expect(text).toContain('subagent_mcp_pooled_processes{status="working"} 0\n')
  expect(await client.resetPool('reviewer', here)).toEqual({ ended: 1 })
  expect(await client.pool(here)).toMatchObject([{ processes: [] }])
  await expect(client.warmUp('poet', here)).rejects.toMatchObject({ code: 'unknown-definition' })
})
