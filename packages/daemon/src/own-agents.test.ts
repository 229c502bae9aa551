import { getFactAgentId, parseJournaledFact } from '@subagent-mcp/core'
import { describe, expect, test, vi } from 'vitest'
import { connectDaemon, type DaemonClient } from '@subagent-mcp/client'
import { launchBody, startManualDaemon, pollUntil, type ManualDaemon } from './manual-daemon.test.support.js'

const never = new AbortController().signal

/** A client in a shell that runs inside an agent session. */
function inside({ socketPath }: ManualDaemon, mark: string): { client: DaemonClient; environment: object } {
  const environment = { SUBAGENT_MCP_DEPTH: '1', SUBAGENT_MCP_NONCE: mark }
  return { client: connectDaemon({ socketPath, self: { pid: 4242, environment } }), environment }
}

/** A daemon with one agent that a host launched, and one that an agent launched from its process `d.1`. */
async function startFamily() {
  const daemon = await startManualDaemon()
  const other = await daemon.launched()
  const { client } = inside(daemon, 'd.1')
  const { agent: child } = await client.launch(launchBody)
  await daemon.driver.sessions.at(-1)?.open()
  return { ...daemon, other, client, child }
}

const unknown = { code: 'unknown-agent' }

describe('an agent at a shell', () => {
  test('sees, reads and ends the agents that were launched from its process', async () => {
    const { client, child } = await startFamily()
    expect(await client.agents()).toMatchObject([{ id: child.id }])
    expect(await client.agent(child.id)).toMatchObject({ agent: { id: child.id }, prompt: 'do it' })
    const said = await factsOf(client)
    expect(new Set(said)).toEqual(new Set([child.id]))
    expect(await client.kill(child.id)).toMatchObject({ agent: { status: 'stopped' } })
    const waited = client.wait({ agentIds: [child.id], until: 'any', timeoutSeconds: 60 })
    expect(await waited).toMatchObject({ timedOut: false, agents: [{ id: child.id }] })
    expect(await client.prune({})).toEqual({ removed: [child.id] })
  })

  test('sees no agents of others, with any request', async () => {
    const family = await startFamily()
    const { id } = family.other
    family.other.session.sink({ type: 'approval-requested', requestId: 'q', tool: 'Bash', input: {} })
    await pollUntil(async () => (await family.client.permissions()).length === 0)
    await vi.waitFor(async () => {
      expect(await connectDaemon(family).permissions()).toHaveLength(1)
    })
    for (const mark of ['d.1', 'd.2']) {
      const { client, environment } = inside(family, mark)
      const actor = { cwd: '/p', environment: { ...environment } }
      for (const refused of [
        client.agent(id),
        client.send(id, { text: 'do that', ...actor }),
        client.interrupt(id),
        client.release(id),
        client.kill(id),
        client.wait({ agentIds: [id], until: 'any', timeoutSeconds: 0 }),
      ])
        await expect(refused).rejects.toMatchObject(unknown)
      expect(await client.permissions()).toEqual([])
      expect(await client.permissionLog({ agent: id })).toEqual([])
      expect(await factsOf(client, id)).toEqual([])
      expect((await client.prune({ agentIds: [id] }).catch(() => ({ removed: [] }))).removed).toEqual([])
    }
    expect(await inside(family, 'd.2').client.agents()).toEqual([])
    expect((await family.client.agents()).map((agent) => agent.id)).not.toContain(id)
  })

  test('answers no permission request, stops neither daemon nor fleet, reads no usage, recap or search, and cannot hide what it is', async () => {
    const { client, child, stops, visits } = await startFamily()
    const needsPerson = { code: 'needs-person' }
    await expect(client.answer(child.id, { decision: 'allow' })).rejects.toMatchObject(needsPerson)
    await expect(client.stop({})).rejects.toMatchObject(needsPerson)
    await expect(client.fleetDown()).rejects.toMatchObject(needsPerson)
    await expect(client.usage()).rejects.toMatchObject(needsPerson)
    await expect(client.recap()).rejects.toMatchObject(needsPerson)
    await expect(client.search({ text: 'secret plan' })).rejects.toMatchObject(needsPerson)
    await client.launch({ ...launchBody, pid: 1, environment: {} })
    expect(visits.at(-1)?.guest).toMatchObject({ pid: 4242, environment: { SUBAGENT_MCP_DEPTH: '1' } })
    expect(stops).toEqual([])
  })
})

test.each([
  ['a person', {}],
  ['a program that says nothing', undefined],
])('%s sees all agents', async (_, environment) => {
  const daemon = await startFamily()
  const { socketPath, other, child } = daemon
  const client = connectDaemon({ socketPath, ...(environment && { self: { pid: 1, environment } }) })
  expect((await client.agents()).map(({ id }) => id)).toEqual([other.id, child.id])
  expect(await client.kill(child.id)).toMatchObject({ agent: { status: 'stopped' } })
})

/** For each fact in the journal: the id of its agent, or its type where it has none. */
async function factsOf(client: DaemonClient, agentId?: string): Promise<string[]> {
  const ids: string[] = []
  const query = { after: 0, follow: false, signal: never, ...(agentId !== undefined && { agentId }) }
  for await (const { fact: body } of client.events(query)) {
    const fact = parseJournaledFact(body)
    ids.push((fact && getFactAgentId(fact)) ?? body.type)
  }
  return ids
}
