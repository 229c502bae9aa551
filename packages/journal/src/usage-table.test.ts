import { expect, onTestFinished, test } from 'vitest'
import { openMemoryUsageTable, type EndedTurnsOfAgent } from './usage-table.js'

function openTable() {
  const table = openMemoryUsageTable()
  onTestFinished(table.close)
  return table
}

const noon = new Date(2026, 10, 21, 12).getTime()
const day = 24 * 60 * 60 * 1000

const turns = [
  {
    ...{ provider: 'claude', account: 'work', model: 'opus', startedAt: noon, endedAt: noon + 2_000 },
    usage: { inputTokens: 100, cachedInputTokens: 40, outputTokens: 10, costUsd: 0.25 },
  },
  {
    ...{ provider: 'claude', account: 'work', model: 'opus' },
    startedAt: noon + day,
    endedAt: noon + day + 500,
  },
  {
    ...{ provider: 'codex', account: 'codex', startedAt: noon + day, endedAt: noon + day + 1_000 },
    usage: { inputTokens: 7, outputTokens: 3 },
  },
]

/** An agent with some of the turns. */
const withTurns = (some: typeof turns): EndedTurnsOfAgent => ({
  ...{ agentId: 'a1', launchedAt: noon, name: 'fixer', project: '/p', definition: 'reviewer' },
  turnsAfter: (count) => some.slice(count),
})

const agent = withTurns(turns)

test('turns are summed by each key, and unknown amounts do not count as known', () => {
  const table = openTable()
  table.count([
    agent,
    { agentId: 'a2', launchedAt: noon, project: '/q', turnsAfter: (count) => turns.slice(2 + count) },
  ])
  const { groups, total } = table.sum({ by: 'account' })
  expect(groups).toMatchObject([
    {
      ...{ provider: 'claude', account: 'work', agents: 1, turns: 2, turnMs: 2_500 },
      ...{ inputTokens: 100, inputTokensTurns: 1, cachedInputTokens: 40, outputTokens: 10 },
      ...{ costUsd: 0.25, costUsdTurns: 1 },
    },
    {
      provider: 'codex',
      account: 'codex',
      agents: 2,
      turns: 2,
      inputTokens: 14,
      costUsd: 0,
      costUsdTurns: 0,
    },
  ])
  expect(total).toMatchObject({ agents: 2, turns: 4, inputTokens: 114, outputTokens: 16, costUsdTurns: 1 })
  const keys = (
    by: Parameters<typeof table.sum>[0]['by'],
    key: 'day' | 'model' | 'project' | 'definition' | 'agentId',
  ) => table.sum({ by }).groups.map((group) => group[key])
  expect(keys('day', 'day')).toEqual(['2026-11-21', '2026-11-22'])
  expect(keys('model', 'model')).toEqual(['opus', ''])
  expect(keys('project', 'project')).toEqual(['/p', '/q'])
  expect(keys('definition', 'definition')).toEqual(['reviewer', ''])
  expect(table.sum({ by: 'agent' }).groups).toMatchObject([
    { agentId: 'a1', name: 'fixer' },
    { agentId: 'a2', name: '' },
  ])
  expect(table.sum({ by: 'provider', since: '2026-11-22' }).total).toMatchObject({
    turns: 3,
    costUsdTurns: 0,
  })
  expect(table.sum({ by: 'provider', since: '2026-11-23' })).toMatchObject({
    groups: [],
    total: { turns: 0 },
  })
})

test('turns that are counted again change nothing, and later turns are added', () => {
  const table = openTable()
  table.count([withTurns(turns.slice(0, 1))])
  table.count([withTurns(turns.slice(0, 1))])
  expect(table.sum({ by: 'agent' }).total.turns).toBe(1)
  const handedOver: number[] = []
  const turnsAfter = (count: number) => {
    handedOver.push(turns.length - count)
    return turns.slice(count)
  }
  table.count([{ ...agent, turnsAfter }])
  table.count([{ ...agent, turnsAfter }])
  expect(handedOver).toEqual([2, 0])
  expect(table.sum({ by: 'agent' }).total).toMatchObject({ turns: 3, inputTokens: 107 })
  // An id may be used again after its agent was deleted.
  table.count([{ ...agent, launchedAt: noon + 5 * day }])
  expect(table.sum({ by: 'agent' })).toMatchObject({ total: { agents: 2, turns: 6 } })
})
