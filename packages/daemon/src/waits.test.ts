import { describe, expect, test } from 'vitest'
import type { WaitForAgentsBody } from '@subagent-mcp/api'
import { waitForAgents } from '@subagent-mcp/runtime'
import { startManualDaemon, pollUntil } from './manual-daemon.test.support.js'

describe('a wait over HTTP', () => {
  test('is decided by facts and takes no report from other callers', async () => {
    const { client, launched } = await startManualDaemon()
    const [one, other] = [await launched(), await launched()]
    const agentIds = [one.id, other.id]
    const any = client.wait({ agentIds, until: 'any', timeoutSeconds: 60 })
    const all = client.wait({ agentIds, until: 'all', timeoutSeconds: 60 })
    one.session.finish()
    expect(await any).toMatchObject({
      timedOut: false,
      agents: [{ status: 'finished' }, { status: 'processing' }],
    })
    other.session.finish()
    expect(await all).toMatchObject({
      timedOut: false,
      agents: [{ status: 'finished' }, { status: 'finished' }],
    })
  })

  test('returns the answers of agents on request', async () => {
    const { client, launched } = await startManualDaemon()
    const one = await launched()
    one.session.finish('the answer')
    const body: WaitForAgentsBody = { agentIds: [one.id], until: 'all', timeoutSeconds: 60 }
    expect(await client.wait({ ...body, answers: true })).toMatchObject({
      answers: { [one.id]: 'the answer' },
    })
    expect(await client.wait(body)).toMatchObject({ answers: {} })
  })

  test('ends when an agent asks for permission, and at its timeout', async () => {
    const { client, clock, server, launched } = await startManualDaemon()
    const [one, other] = [await launched(), await launched()]
    const timed = client.wait({ agentIds: [one.id], until: 'all', timeoutSeconds: 60 })
    const asked = client.wait({ agentIds: [one.id, other.id], until: 'all', timeoutSeconds: 90 })
    await pollUntil(() => server.connections() === 2)
    clock.advance(60_000)
    expect(await timed).toMatchObject({ timedOut: true, agents: [{ status: 'processing' }] })
    other.session.sink({ type: 'approval-requested', requestId: 'q', tool: 'bash', input: {} })
    expect(await asked).toMatchObject({ timedOut: false, agents: [{}, { status: 'permission_requested' }] })
  })

  test('ends when its client closes the request', async () => {
    const { client, server, supervisor, launched } = await startManualDaemon()
    const { id } = await launched()
    const body: WaitForAgentsBody = { agentIds: [id], until: 'all', timeoutSeconds: 60 }
    const hangUp = new AbortController()
    const inside = waitForAgents(supervisor, { agentIds: [id], until: 'all', signal: hangUp.signal })
    const outside = client.wait(body, hangUp.signal)
    await pollUntil(() => server.connections() === 1)
    hangUp.abort()
    await expect(outside).rejects.toMatchObject({ name: 'AbortError' })
    await pollUntil(() => server.connections() === 0)
    expect(await inside).toMatchObject({ timedOut: true })
  })
})
