import { isTaskCategory, taskCategories, type Driver, type TaskCategory } from '@subagent-mcp/contract'
import { defaultRoutingTable, mergeRoutingTables, type RoutingTable } from '@subagent-mcp/routing'
import { expect, test } from 'vitest'
import { codexMissing, listingDriver, testDrivers } from '@subagent-mcp/testkit'
import { reportRoutes, surveyProviders, type RoutesReport } from '@subagent-mcp/runtime'
import { renderRouteReasons, renderRouteTable } from './render-routes.js'

const table: RoutingTable = mergeRoutingTables(defaultRoutingTable(), {
  sources: {
    page: { name: 'A page', url: 'https://example.org/a', read: '2026-11-21', says: 'It is good.' },
  },
  categories: {
    coding: {
      candidates: [
        { provider: 'claude', model: 'opus', effort: 'high', why: 'It codes', sources: ['page'] },
        { provider: 'codex', model: 'gpt', why: 'It codes too' },
        { provider: 'gemini', model: 'flash', effort: 'low' },
      ],
    },
    debugging: { candidates: [{ provider: 'claude', model: 'nano' }] },
    prompt_engineering: { composedOf: ['coding', 'debugging'], why: 'It is both' },
  },
})

const report = async (
  categories: readonly TaskCategory[],
  drivers: ReadonlyMap<string, Driver> = testDrivers(),
): Promise<RoutesReport> => {
  const surveyed = await surveyProviders(drivers, { environment: {}, deadlineMs: 15_000 })
  return reportRoutes({ table, drivers, surveyed }, categories)
}

test('the table', async () => {
  expect(renderRouteTable(await report(['coding', 'prompt_engineering']))).toBe(`\
claude  1.2.3, signed in, headroom unknown
codex   codex was not found; install Codex: npm install -g @openai/codex
gemini  1.2.3, signed in, headroom unknown

coding: a bounded runnable code artifact in one pass (implement, test, refactor)
  1  claude opus high  claude-opus-5-5
  -  codex gpt         skipped: codex was not found
  2  gemini flash low  gemini-3.8-flash (gemini takes no effort)

prompt_engineering: a designed or optimized prompt or prompt system (composite)
  composed of coding, debugging: the best of each in turn. It is both
  1  claude opus high  claude-opus-5-5
  -  claude nano       skipped: claude lists no nano; it has opus
  -  codex gpt         skipped: codex was not found
  2  gemini flash low  gemini-3.8-flash (gemini takes no effort)

A provider that reports a rate limit rests until the limit ends.
`)
})

test('the walk', async () => {
  expect(renderRouteReasons(await report(['coding']))).toBe(`\
claude  1.2.3, signed in, headroom unknown
codex   codex was not found; install Codex: npm install -g @openai/codex
gemini  1.2.3, signed in, headroom unknown

coding: a bounded runnable code artifact in one pass (implement, test, refactor)

1  claude opus high
   ready: claude-opus-5-5
   why: It codes
   - A page: It is good.
     https://example.org/a (read 2026-11-21)

-  codex gpt
   skipped: codex was not found; install Codex: npm install -g @openai/codex
   why: It codes too (judgement)

2  gemini flash low
   ready: gemini-3.8-flash (gemini takes no effort)
   why: no reason is given

A launch starts with claude opus high; if that fails before a word, gemini flash low comes next.
`)
})

test('a walk that leads nowhere', async () => {
  expect(renderRouteReasons(await report(['debugging']))).toContain(
    'A launch fails at once: none can be tried.',
  )
})

test('on a machine without CLIs routes says what to install', async () => {
  const drivers = new Map([['codex', listingDriver('codex', [], { preflight: () => codexMissing })]])
  expect(renderRouteTable(await report(['coding'], drivers))).toBe(`\
No provider can be used on this machine; one is enough:
codex  codex was not found; install Codex: npm install -g @openai/codex
`)
})

test('the whole default table stays within a hundred columns', async () => {
  const drivers = testDrivers()
  const surveyed = await surveyProviders(drivers, { environment: {}, deadlineMs: 15_000 })
  const all = reportRoutes(
    { table: defaultRoutingTable(), drivers, surveyed },
    Object.keys(taskCategories).filter(isTaskCategory),
  )
  const lines = `${renderRouteTable(all)}${renderRouteReasons(all)}`
    .split('\n')
    .filter((line) => !line.includes('https://'))
  expect(lines.filter((line) => line.length > 100)).toEqual([])
  expect(lines.length).toBeGreaterThan(300)
})
