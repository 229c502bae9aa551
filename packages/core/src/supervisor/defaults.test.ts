import { createManualDriver } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { connectCaller } from '../requests/caller-connection.js'
import { shutDownSupervisor } from '../requests/end-agents.js'
import { launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import { createMemoryJournal } from '../journal/memory-journal.js'
import { createSupervisor } from './create-supervisor.js'
import { waitForReports } from '../requests/wait-for-reports.js'

test('a supervisor needs nothing but drivers', async () => {
  const driver = createManualDriver()
  const supervisor = createSupervisor({ drivers: [driver] })
  connectCaller(supervisor, { caller: 'me', project: process.cwd() })
  const prompt = { prompt: 'List the tests', category: 'mechanical', cwd: process.cwd() } as const
  const { agent } = launchSupervisedAgent(supervisor, 'me', prompt)
  await driver.sessions[0]?.open()
  driver.sessions[0]?.finish('two tests')
  const result = await waitForReports(supervisor, { caller: 'me', until: 'all' })
  expect(result).toMatchObject({
    type: 'done',
    outcome: { news: [{ agent: { turns: [{ text: 'two tests' }] } }] },
  })
  expect(agent.profile.id).toMatch(/^[a-z2-9]{4}$/)
  await shutDownSupervisor(supervisor, 1_000)
  expect(supervisor.state().open.size).toBe(0)
})

test('a journal in memory is read by number and by agent, and forgets agents', () => {
  const journal = createMemoryJournal()
  const fact = (agentId: string) => ({ type: 'slot-granted', at: 0, agentId }) as const
  expect(journal.append([fact('a'), fact('b')], [])).toBe(2)
  expect(journal.append([fact('a')], [])).toBe(3)
  expect(journal.history.read({ agentId: 'a', after: 1, limit: 9 })).toEqual({
    facts: [{ seq: 3, fact: fact('a') }],
    next: undefined,
  })
  expect(journal.history.read({ limit: 1 }).next).toBe(1)
  journal.forget(['a'])
  expect(journal.history.read({ limit: 9 }).facts.map(({ seq }) => seq)).toEqual([2])
  expect(journal.history.lastSeq()).toBe(3)
})
