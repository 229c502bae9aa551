import type { ManualSession } from '@subagent-mcp/testkit'
import { describe, expect, test } from 'vitest'
import { postRequest, sendRequest } from './ask.test.support.js'
import { manualAuthority } from './manual-agents.test.support.js'
import { launchBody, startManualDaemon, pollUntil, type ManualDaemon } from './manual-daemon.test.support.js'

/** An answer that a person gives at a terminal. */
const atTerminal = { through: 'terminal', pid: 1, environment: {} } as const

const until5Minutes = 1_000_000 + 300_000

/** The session asks for permission to run a command. */
function ask({ sink }: ManualSession, requestId: string, command = 'ls'): void {
  sink({ type: 'approval-requested', requestId, tool: 'Bash', input: { command } })
}

/** Registers a user who is asked the questions of a caller and never answers, until the returned function is called. */
function showTo(caller: string, { supervisor }: ManualDaemon): () => void {
  const place = { project: '/p', depth: 0, authority: manualAuthority }
  supervisor.dispatch({ type: 'caller-connected', at: 0, caller, ...place })
  return supervisor.addPromptHandler(caller, {
    who: 'the user',
    ask: (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve(undefined)
        })
      }),
  })
}

describe('permission requests over HTTP', () => {
  test('are listed whole, the oldest first', async () => {
    const daemon = await startManualDaemon()
    const { client, clock, launched, rule } = daemon
    const [one, other] = [await launched(), await launched()]
    expect(await client.permissions()).toEqual([])
    const command = 'x'.repeat(5_000)
    ask(other.session, 'late', command)
    clock.advance(1_000)
    rule(() => ({ verdict: 'ask', by: 'deletes outside its folder', humanOnly: true }))
    ask(one.session, 'r')
    expect(await client.permissions()).toEqual([
      {
        agentId: other.id,
        provider: 'claude',
        cwd: '/p',
        project: '/p',
        requestId: 'late',
        tool: 'Bash',
        input: { command },
        by: 'preset ask',
        humanOnly: false,
        askedAt: 1_000_000,
        until: until5Minutes,
      },
      expect.objectContaining({
        agentId: one.id,
        by: 'deletes outside its folder',
        humanOnly: true,
        until: until5Minutes + 1_000,
      }),
    ])
    expect((await client.agent(one.id)).agent.permissions).toEqual([
      {
        requestId: 'r',
        tool: 'Bash',
        call: 'Bash {"command":"ls"}',
        by: 'deletes outside its folder',
        humanOnly: true,
        askedAt: 1_001_000,
        until: until5Minutes + 1_000,
      },
    ])
  })

  test('show whether a user is being asked, and do not end a wait meanwhile', async () => {
    const daemon = await startManualDaemon()
    const { client, server, visits, launched } = daemon
    const { id, session } = await launched()
    const leave = showTo(visits[0]?.caller ?? '', daemon)
    ask(session, 'r')
    expect(await client.permissions()).toMatchObject([{ requestId: 'r', shown: true }])
    const waiting = client.wait({ agentIds: [id], until: 'any', timeoutSeconds: 60 })
    await pollUntil(() => server.connections() === 1)
    expect(await Promise.race([waiting, client.health()])).not.toHaveProperty('timedOut')
    leave()
    expect(await waiting).toMatchObject({ timedOut: false, agents: [{ status: 'permission_requested' }] })
    expect((await client.permissions())[0]).not.toHaveProperty('shown')
  })

  test('are listed also for a tool call without input', async () => {
    const { client, launched } = await startManualDaemon()
    const { session } = await launched()
    session.sink({ type: 'approval-requested', requestId: 'r', tool: 'Exit', input: undefined })
    expect(await client.permissions()).toMatchObject([{ requestId: 'r', tool: 'Exit' }])
  })

  test('that the policy answers are not listed', async () => {
    const { client, rule, launched } = await startManualDaemon()
    const { session } = await launched()
    rule(() => ({ verdict: 'allow', by: 'rule Bash(ls)' }))
    ask(session, 'r')
    expect(await client.permissions()).toEqual([])
    expect(await client.permissionLog()).toMatchObject([
      { event: 'allowed', through: 'policy', why: 'rule Bash(ls)' },
    ])
  })
})

describe('the audit log over HTTP', () => {
  test('has who answered and through which channel', async () => {
    const { client, clock, launched } = await startManualDaemon()
    const { id, session } = await launched()
    const answer = async (requestId: string, given: object): Promise<void> => {
      ask(session, requestId)
      await client.answer(id, { decision: 'allow', requestId, ...given })
    }
    await answer('a', {})
    await answer('b', atTerminal)
    await answer('c', { ...atTerminal, who: 'alice', decision: 'deny', reason: 'no' })
    ask(session, 'd')
    clock.advance(300_000)
    const told = (await client.permissionLog()).filter(({ event }) => event !== 'asked')
    expect(told.map(({ event, through, who, why }) => [event, through, who, why])).toEqual([
      ['allowed', 'http', 'a program over HTTP', undefined],
      ['allowed', 'terminal', 'a person at a terminal', undefined],
      ['denied', 'terminal', 'alice', 'no'],
      ['denied', 'deadline', undefined, undefined],
    ])
    expect(told[0]).toMatchObject({ agentId: id, tool: 'Bash', call: 'Bash {"command":"ls"}' })
  })

  test('returns the newest lines, of one agent or of all', async () => {
    const { client, launched } = await startManualDaemon()
    const [one, other] = [await launched(), await launched()]
    ask(one.session, 'r')
    ask(other.session, 's')
    ask(other.session, 't')
    const asked = async (...query: Parameters<typeof client.permissionLog>): Promise<string[]> =>
      (await client.permissionLog(...query)).map(({ requestId }) => requestId)
    expect(await asked()).toEqual(['r', 's', 't'])
    expect(await asked({ limit: 2 })).toEqual(['s', 't'])
    expect(await asked({ agent: one.id })).toEqual(['r'])
    for (const limit of [0, 1_001, 1.5])
      await expect(asked({ limit })).rejects.toMatchObject({ code: 'invalid-parameter' })
  })
})

test('the second answer to a permission request gets an error that names the first', async () => {
  const { client, launched } = await startManualDaemon()
  const { id, session } = await launched()
  ask(session, 'r')
  await client.answer(id, { decision: 'allow', ...atTerminal, who: 'alice' })
  const second = client.answer(id, { decision: 'deny', requestId: 'r' })
  await expect(second).rejects.toMatchObject({
    code: 'no-permission-pending',
    message: `agent '${id}' asks for no permission 'r': r was allowed before, by alice (terminal)`,
  })
  expect(session.sent.filter(({ type }) => type === 'answer')).toHaveLength(1)
})

test('a terminal names the person, and a sub-agent cannot answer', async () => {
  const daemon = await startManualDaemon()
  const { client, launched } = daemon
  const { id, session } = await launched()
  ask(session, 'r')
  for (const decision of ['allow', 'deny'] as const) {
    const inside = { decision, pid: 1, environment: { SUBAGENT_MCP_DEPTH: '1' } }
    for (const through of ['terminal', 'http'] as const)
      await expect(client.answer(id, { ...inside, through })).rejects.toMatchObject({ code: 'needs-person' })
    for (const lack of [{}, { pid: 1 }, { environment: {} }])
      await expect(client.answer(id, { decision, through: 'terminal', ...lack })).rejects.toMatchObject({
        code: 'invalid-parameter',
      })
  }
  expect(session.sent).toHaveLength(1)
})

test('a call that only a person may allow can be allowed at a terminal, and not over HTTP', async () => {
  const daemon = await startManualDaemon()
  const { client, launched, rule } = daemon
  const { id, session } = await launched()
  rule(() => ({ verdict: 'ask', by: 'force push', humanOnly: true }))
  for (const requestId of ['r', 's']) ask(session, requestId)
  const { status } = await sendRequest(daemon, postRequest(`/v1/agents/${id}/answers`, { decision: 'allow' }))
  expect(status).toBe(403)
  await client.answer(id, { decision: 'deny', requestId: 's' })
  await client.answer(id, { decision: 'allow', ...atTerminal })
  expect(session.sent.slice(1)).toMatchObject([{ decision: 'deny' }, { requestId: 'r', decision: 'allow' }])
})

test('a launch gets the preset that it asks for, and is refused more than its caller has', async () => {
  const daemon = await startManualDaemon()
  await daemon.client.launch({ ...launchBody, permissions: 'read-only' })
  expect(daemon.driver.sessions.at(-1)?.spec).toMatchObject({ permissions: 'read-only' })
  const more = postRequest('/v1/agents', { ...launchBody, permissions: 'full-auto' })
  const { status, text } = await sendRequest(daemon, more)
  expect([status, JSON.parse(text)]).toMatchObject([403, { error: { code: 'above-ceiling' } }])
})
