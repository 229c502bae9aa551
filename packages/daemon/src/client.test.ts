import { describeThisProcess } from '@subagent-mcp/client'
import { SubagentError } from '@subagent-mcp/contract'
import { join } from 'node:path'
import { drainSupervisor, summarizeAgent } from '@subagent-mcp/core'
import { describe, expect, test } from 'vitest'
import { launchBody, startManualDaemon, hasSecret } from './manual-daemon.test.support.js'

const { cwd, environment } = launchBody

describe('the client of the daemon', () => {
  test('launches an agent for a script and gets its answer', async () => {
    const { client, driver } = await startManualDaemon()
    const { agent } = await client.launch({ prompt: 'Summarize.', ...describeThisProcess() })
    const waiting = client.wait({ agentIds: [agent.id], until: 'all', timeoutSeconds: 600, answers: true })
    await driver.sessions.at(-1)?.open()
    driver.sessions.at(-1)?.finish('A summary.')
    expect((await waiting).answers[agent.id]).toBe('A summary.')
  })

  test('launches, lists, shows, messages and kills an agent, with a connection for each request', async () => {
    const { client, launched, visits, supervisor, clock } = await startManualDaemon()
    const { id, session } = await launched()
    const agent = supervisor.state().agents.get(id)
    const summary = agent && summarizeAgent(agent, { now: clock.now(), stalledAfter: 600_000 })
    expect(await client.agents()).toEqual([summary])
    expect(await client.agents({ project: '/elsewhere' })).toEqual([])

    const message = { text: 'more', cwd: '/q', environment, pid: 4242 }
    expect(await client.send(id, message)).toMatchObject({ outcome: 'queued', position: 1, agent: { id } })
    session.sink({ type: 'text-delta', text: 'half an ans' })
    expect(await client.agent(id)).toMatchObject({ agent: { id }, prompt: 'do it', said: 'half an ans' })
    session.finish('first')
    session.finish('second')
    expect(await client.agent(id)).toMatchObject({
      agent: { status: 'finished', turnCount: 2 },
      said: 'second',
    })
    expect(await client.send(id, message)).toMatchObject({ outcome: 'started' })
    expect(await client.kill(id)).toMatchObject({ agent: { status: 'stopped', alive: false } })

    expect(visits.map(({ guest, left }) => [guest.cwd, left])).toEqual([
      ['/p', 1],
      ['/q', 1],
      ['/q', 1],
    ])
    expect(visits[0]?.guest).toEqual({ cwd: '/p', environment, terminal: true })
    expect(visits[1]?.guest).toEqual({ cwd: '/q', environment, pid: 4242, terminal: true })
    await client.launch({ ...launchBody, pid: 4243 })
    expect(visits[3]?.guest).toMatchObject({ pid: 4243, terminal: true })
  })

  test('an agent is named by its id or its name; to end and to delete one, a name of several is refused', async () => {
    const { client, driver } = await startManualDaemon()
    const launch = async (): Promise<string> => {
      const { agent } = await client.launch({ ...launchBody, name: 'docs' })
      await driver.sessions.at(-1)?.open()
      return agent.id
    }
    const first = await launch()
    expect(await client.agent('docs')).toMatchObject({ agent: { id: first } })
    expect(await client.kill('docs')).toMatchObject({ agent: { id: first, status: 'stopped' } })
    const second = await launch()
    expect(await client.agent('docs')).toMatchObject({ agent: { id: second } })
    await expect(client.kill('docs')).rejects.toMatchObject({ code: 'ambiguous-agent' })
    await expect(client.prune({ agentIds: ['docs'] })).rejects.toMatchObject({ code: 'ambiguous-agent' })
    await client.kill(second)
  })

  test('never launches twice with one request id, and refuses the id for another launch', async () => {
    const { client } = await startManualDaemon()
    const first = await client.launch({ ...launchBody, requestId: 'r' })
    expect(await client.launch({ ...launchBody, requestId: 'r' })).toMatchObject({
      repeated: true,
      agent: { id: first.agent.id },
    })
    const other = client.launch({ ...launchBody, prompt: 'another', requestId: 'r' })
    await expect(other).rejects.toMatchObject({ code: 'request-id-used' })
  })

  test('refuses a named provider at its limit, and says when the limit ends', async () => {
    const { client, driver } = await startManualDaemon()
    driver.preflightFailure = { reason: 'rate-limited', message: 'claude is at its limit', resetsAt: 60_000 }
    const { model: _, ...named } = { ...launchBody, provider: 'claude' }
    await expect(client.launch(named)).rejects.toMatchObject({
      ...{ code: 'no-candidate', message: 'claude cannot do it: rate-limited: claude is at its limit' },
      resetsAt: 60_000,
    })
    await expect(client.launch({ ...named, prefer: 'claude' })).rejects.toMatchObject({
      message: 'prefer cannot be combined with provider',
    })
    expect(await client.agents()).toEqual([])
  })

  test('returns the place and the reason of a queued launch, or refuses it without a queue', async () => {
    const { client } = await startManualDaemon()
    for (let count = 0; count < 3; count += 1) await client.launch(launchBody)
    const { position, lack } = await client.launch(launchBody)
    expect([position, lack]).toEqual([1, '3 processes run (maxProcesses 3)'])
    await expect(client.launch({ ...launchBody, queue: false })).rejects.toMatchObject({
      code: 'at-capacity',
    })
  })

  test('answers a permission request', async () => {
    const { client, launched } = await startManualDaemon()
    const { id, session } = await launched()
    session.sink({ type: 'approval-requested', requestId: 'q1', tool: 'bash', input: { command: 'ls' } })
    const answered = await client.answer(id, { decision: 'deny', reason: 'no' })
    expect(answered).toMatchObject({ agent: { id }, answered: { requestId: 'q1', tool: 'bash' } })
    expect(session.sent.at(-1)).toMatchObject({ type: 'answer', decision: 'deny', reason: 'no' })
  })

  test('interrupts a turn, releases a session to its CLI, and deletes an ended agent', async () => {
    const { client, launched, clock } = await startManualDaemon()
    const { id, session } = await launched()
    session.sink({ type: 'session-identified', sessionId: 's1' })
    await expect(client.release(id)).rejects.toMatchObject({ code: 'not-supported' })
    expect(await client.interrupt(id)).toMatchObject({ interrupted: true })
    expect(session.sent.at(-1)).toEqual({ type: 'interrupt' })
    session.finish()
    expect(await client.interrupt(id)).toMatchObject({ interrupted: false })
    expect(await client.release(id)).toMatchObject({
      command: ['hand', '--resume', 's1'],
      agent: { alive: false },
    })
    clock.advance(5_000)
    expect(await client.prune({ endedBeforeSeconds: 10 })).toEqual({ removed: [] })
    expect(await client.prune({ endedBeforeSeconds: 1 })).toEqual({ removed: [id] })
    expect(await client.agents()).toEqual([])
  })

  test('reaches routes, health, metrics and stop of the daemon', async () => {
    const { client, stops, supervisor, clock, folder } = await startManualDaemon()
    expect(await client.routes({ cwd, environment, category: 'coding' })).toEqual({ cwd, category: 'coding' })
    await client.launch(launchBody)
    expect(await client.health()).toEqual({
      version: '1.2.3',
      pid: process.pid,
      startedAt: 1_000_000,
      uptimeSeconds: 0,
      agents: { running: 1, alive: 1, total: 1 },
      queue: 0,
      draining: false,
      connections: 0,
      hosts: 0,
      workers: 0,
      journal: { path: '/j', bytes: 42 },
      mailbox: { kind: 'sqlite', where: join(folder, 'mail.db'), reachable: true },
      configProblem: 'half a file',
    })
    const drained = drainSupervisor(supervisor, 1_000)
    expect(await client.health()).toMatchObject({ draining: true })
    clock.advance(1_000)
    await drained
    expect(await client.stop({ drain: true, unlessUsed: true })).toEqual({ stops: false })
    expect(stops).toEqual([])
    expect(await client.stop({ drain: true })).toEqual({ stops: true })
    expect(await client.stop({ drain: true, restarts: true })).toEqual({ stops: true })
    expect(stops).toEqual([
      { drain: true, restarts: false },
      { drain: true, restarts: true },
    ])
  })

  test('no answer and no log line has the environment of a caller', async () => {
    const { client, launched, logged } = await startManualDaemon()
    const { id } = await launched()
    const answers = [
      await client.agent(id),
      await client.agents(),
      await client.metrics(),
      await client.health(),
      await failure(client.launch({ ...launchBody, cwd: '/missing' })),
      await failure(client.send(id, { text: '', cwd, environment })),
    ]
    expect(hasSecret(JSON.stringify(answers))).toBe(false)
    expect(hasSecret(logged.join())).toBe(false)
  })
})

describe('errors through the client', () => {
  test('have the code and hint of the thrown error', async () => {
    const { client, launched } = await startManualDaemon()
    const { id } = await launched()
    expect(await failure(client.agent('nobody'))).toMatchObject({
      code: 'unknown-agent',
      hint: `agents are ${id}`,
    })
    expect(await failure(client.launch({ ...launchBody, category: 'cooking' }))).toMatchObject({
      code: 'unknown-category',
    })
    expect(await failure(client.answer(id, { decision: 'allow' }))).toMatchObject({
      code: 'no-permission-pending',
    })
    await client.kill(id)
    const message = { text: 'hi', cwd, environment }
    expect(await failure(client.send(id, message))).toMatchObject({ code: 'agent-dead' })
  })

  test('that are unexpected have no stack, which goes to the log', async () => {
    const { client, logged } = await startManualDaemon()
    const told = await failure(client.launch({ ...launchBody, cwd: '/missing' }))
    expect(told).toMatchObject({ code: 'daemon-failed', message: 'the daemon failed' })
    expect(logged).toEqual([expect.stringMatching(/^POST \/v1\/agents: Error: no such folder\n +at /)])
  })

  test('are daemon-unreachable where no daemon listens', async () => {
    const { client, server } = await startManualDaemon()
    await server.close()
    expect(await failure(client.health())).toMatchObject({ code: 'daemon-unreachable' })
  })
})

async function failure(promise: Promise<unknown>): Promise<SubagentError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof SubagentError) return error
  throw new Error(`expected a SubagentError, got ${String(error)}`)
}
