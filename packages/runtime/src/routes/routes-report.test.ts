import {
  defaultRoutingTable,
  mergeRoutingTables,
  type RouteCandidate,
  type RoutingTable,
} from '@subagent-mcp/routing'
import { describe, expect, test } from 'vitest'
import { codexMissing, testDrivers } from '@subagent-mcp/testkit'
import { reportRoutes, type RoutesReport } from './routes-report.js'
import { surveyProviders } from './survey-providers.js'

const report = async (table: RoutingTable): Promise<RoutesReport> => {
  const drivers = testDrivers()
  const surveyed = await surveyProviders(drivers, { environment: {}, deadlineMs: 15_000 })
  return reportRoutes({ table, drivers, surveyed }, ['coding'])
}
const verdictOn = async (candidate: RouteCandidate): Promise<unknown> => {
  const table = mergeRoutingTables(defaultRoutingTable(), {
    categories: { coding: { candidates: [candidate] } },
  })
  const { categories } = await report(table)
  return categories[0]?.candidates[0]
}

describe('the verdict on a candidate', () => {
  const skipped = (reason: string, message: string): object => ({
    state: 'skipped',
    failure: { reason, message },
  })
  const rows: [candidate: RouteCandidate, verdict: object][] = [
    [
      { provider: 'claude', model: 'opus', effort: 'high' },
      { state: 'ready', modelId: 'claude-opus-5-5' },
    ],
    [{ provider: 'claude' }, { state: 'ready' }],
    [
      { provider: 'codex', model: 'gpt' },
      { state: 'skipped', failure: codexMissing },
    ],
    [
      { provider: 'claude', model: 'nano' },
      skipped('model-unavailable', 'claude lists no nano; it has opus'),
    ],
    [{ provider: 'claude', model: 'opus', effort: 'max' }, skipped('bad-request', 'claude takes no max')],
    [
      { provider: 'claude', model: 'opus', effort: 'xhigh' },
      skipped('bad-request', 'claude opus xhigh: claude-opus-5-5 takes low, high'),
    ],
    [
      { provider: 'gemini', model: 'flash', effort: 'high' },
      { state: 'ready', modelId: 'gemini-3.8-flash', note: 'gemini takes no effort' },
    ],
    [{ provider: 'goose' }, skipped('not-installed', "no provider 'goose' is configured")],
  ]
  test.each(rows)('%j', async (candidate, verdict) => {
    expect(await verdictOn(candidate)).toMatchObject({ candidate, sources: [], ...verdict })
  })
})

test('the remaining limit is unknown, never full', async () => {
  const { providers } = await report(defaultRoutingTable())
  expect(providers.map(({ provider, headroom }) => [provider, headroom])).toEqual([
    ['claude', 'unknown'],
    ['codex', 'unknown'],
    ['gemini', 'unknown'],
  ])
})
