import type { Failure } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import { formatCandidate, type RouteCandidate } from './route-candidate.js'
import { categoryNames, tableOf } from './categories.test.support.js'
import { chooseCandidates } from './choose-candidates.js'
import { defaultRoutingTable } from './default-routing-table.js'
import type { RoutingTable } from './routing-table.js'
import type { RouteQuery } from './rank-route-candidates.js'

const opus: RouteCandidate = { provider: 'claude', model: 'opus', effort: 'high' }
const haiku: RouteCandidate = { provider: 'claude', model: 'haiku' }
const gpt: RouteCandidate = { provider: 'codex', model: 'gpt' }
const astra: RouteCandidate = { provider: 'codex', model: 'astra', effort: 'xhigh' }
const table: RoutingTable = { ...tableOf([opus, gpt, haiku]), strongest: [astra, opus] }

const missing: Failure = { reason: 'not-installed', message: 'codex is not installed' }
const nothing = (): undefined => undefined
const without =
  (provider: string) =>
  (candidate: RouteCandidate): Failure | undefined =>
    candidate.provider === provider ? missing : undefined

describe('who is chosen', () => {
  const rows: [name: string, query: Omit<RouteQuery, 'category'>, candidates: RouteCandidate[]][] = [
    ['nothing is named: the whole list', {}, [opus, gpt, haiku]],
    ['a provider: its candidates alone, in their order', { provider: 'claude' }, [opus, haiku]],
    [
      'a provider that is not in the list: its default model alone',
      { provider: 'goose' },
      [{ provider: 'goose' }],
    ],
    ['a preferred provider: its candidates, then the rest', { prefer: 'codex' }, [gpt, opus, haiku]],
    [
      'a preferred provider that is not in the list: its default model first',
      { prefer: 'goose' },
      [{ provider: 'goose' }, opus, gpt, haiku],
    ],
    [
      'a model: that one alone',
      { provider: 'claude', model: 'opus' },
      [{ provider: 'claude', model: 'opus' }],
    ],
    [
      'an effort: exactly that',
      { provider: 'codex', model: 'nano', effort: 'max' },
      [{ provider: 'codex', model: 'nano', effort: 'max' }],
    ],
    ['a deadlock: the strongest first', { deadlock: { tried: [] } }, [astra, opus, gpt, haiku]],
    [
      'a deadlock: without those who tried, whatever their effort',
      { deadlock: { tried: [gpt, { provider: 'claude', model: 'opus' }] } },
      [astra, haiku],
    ],
    [
      'a deadlock in which all have tried: all of them',
      { deadlock: { tried: [opus, gpt, haiku, astra] } },
      [astra, opus, gpt, haiku],
    ],
  ]
  test.each(rows)('%s', (_, query, candidates) => {
    const choice = chooseCandidates(table, { category: 'coding', ...query }, nothing)
    expect(choice).toEqual({ pinned: query.model !== undefined, candidates, skipped: [] })
  })
})

describe('who is left out', () => {
  test('those who cannot be tried, with the reason', () => {
    expect(chooseCandidates(table, { category: 'coding' }, without('codex'))).toEqual({
      pinned: false,
      candidates: [opus, haiku],
      skipped: [{ candidate: gpt, failure: missing }],
    })
  })

  test('also of the provider that is preferred', () => {
    const query: RouteQuery = { category: 'coding', prefer: 'codex' }
    expect(chooseCandidates(table, query, without('codex')).candidates).toEqual([opus, haiku])
  })

  test('all of a provider that was named: nobody takes their place', () => {
    const query: RouteQuery = { category: 'coding', provider: 'codex' }
    expect(chooseCandidates(table, query, without('codex'))).toEqual({
      pinned: false,
      candidates: [],
      skipped: [{ candidate: gpt, failure: missing }],
    })
  })

  test('never the one that was pinned', () => {
    const query: RouteQuery = { category: 'coding', provider: 'codex', model: 'gpt' }
    expect(chooseCandidates(table, query, without('codex')).candidates).toEqual([gpt])
  })

  test('not those who tried, when nobody else can', () => {
    const query: RouteQuery = { category: 'coding', deadlock: { tried: [opus, haiku] } }
    expect(chooseCandidates(table, query, without('codex')).candidates).toEqual([opus, haiku])
  })
})

describe.each(categoryNames)('in %s', (category) => {
  const whole = chooseCandidates(defaultRoutingTable(), { category }, nothing).candidates.map(formatCandidate)

  test('nobody comes twice, and no reason is carried along', () => {
    expect(new Set(whole).size).toBe(whole.length)
    expect(whole.length).toBeGreaterThan(2)
  })

  test.each(['claude', 'codex', 'gemini'])('%s alone, and %s first, keep the order', (provider) => {
    const namesFor = (query: Omit<RouteQuery, 'category'>): string[] =>
      chooseCandidates(defaultRoutingTable(), { category, ...query }, nothing).candidates.map(formatCandidate)
    const isOwn = (name: string): boolean => name.startsWith(provider)
    const own = whole.filter(isOwn)
    expect(namesFor({ provider })).toEqual(own)
    expect(namesFor({ prefer: provider })).toEqual([...own, ...whole.filter((name) => !isOwn(name))])
  })

  test.each(['claude', 'codex', 'gemini'])('without %s the rest keeps its order', (provider) => {
    const { candidates, skipped } = chooseCandidates(defaultRoutingTable(), { category }, without(provider))
    expect(candidates.map(formatCandidate)).toEqual(whole.filter((name) => !name.startsWith(provider)))
    expect(candidates.length + skipped.length).toBe(whole.length)
  })

  test('a deadlock starts from the strongest and loses nobody', () => {
    const query: RouteQuery = { category, deadlock: { tried: [] } }
    const names = chooseCandidates(defaultRoutingTable(), query, nothing).candidates.map(formatCandidate)
    const strongest = defaultRoutingTable().strongest.map(formatCandidate)
    expect(names.slice(0, strongest.length)).toEqual(strongest)
    const model = (name: string): string => name.split(' ').slice(0, 2).join(' ')
    expect(new Set(names.map(model))).toEqual(new Set([...strongest, ...whole].map(model)))
    expect(new Set(names.map(model)).size).toBe(names.length)
  })
})

const judging = (query: Partial<RouteQuery>): readonly RouteCandidate[] =>
  chooseCandidates(table, { category: 'quality_review', ...query }, nothing).candidates

describe("the caller's own provider", () => {
  test('comes last where the work of others is judged, and only there', () => {
    expect(judging({ ofCaller: 'claude' })).toEqual([gpt, opus, haiku])
    expect(judging({ ofCaller: 'codex' })).toEqual([opus, haiku, gpt])
    expect(judging({ ofCaller: 'claude', category: 'coding' })).toEqual([opus, gpt, haiku])
    expect(judging({ ofCaller: 'claude', deadlock: { tried: [] } })).toEqual([astra, gpt, opus, haiku])
  })

  test('comes first where it is asked for', () => {
    expect(judging({ ofCaller: 'claude', prefer: 'claude' })).toEqual([opus, haiku, gpt])
    expect(judging({ ofCaller: 'claude', provider: 'claude' })).toEqual([opus, haiku])
  })
})

test('a provider can be left out', () => {
  expect(judging({ without: 'claude' })).toEqual([gpt])
  expect(judging({ without: 'claude', category: 'coding' })).toEqual([gpt])
})
