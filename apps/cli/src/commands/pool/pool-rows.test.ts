import type { PooledAgent } from '@subagent-mcp/api'
import { expect, test } from 'vitest'
import { warmProcess } from '../../terminal/agents-port.test.support.js'
import { paintNothing } from '../../terminal/paint.js'
import { renderPool } from './pool.js'

const now = 1_004_000
const agentOf = (parts: Partial<PooledAgent>): PooledAgent => ({
  name: 'reviewer',
  description: 'Reviews\ncode.',
  provider: 'claude',
  path: '/p/agents/reviewer.md',
  processes: [],
  figures: { tasks: 0, usage: {}, processes: 0 },
  ...parts,
})
const rows = (...agents: PooledAgent[]): string[][] =>
  renderPool(agents, now, { paint: paintNothing, size: () => undefined }).map((row) => row.split(/ {2,}/))

test('a row for each process; what is the agent’s stands once', () => {
  const { memory: _, lastResetAt: _at, pid: _pid, ...young } = warmProcess
  const usage = {
    inputTokens: 12_000,
    cachedInputTokens: 10_000,
    cacheWriteInputTokens: 1_500,
    costUsd: 0.0412,
  }
  const processes = [warmProcess, { ...young, status: 'starting', tasks: 0 } as const]
  expect(rows(agentOf({ processes, figures: { tasks: 2, usage, processes: 2 } }))).toEqual([
    'AGENT STATUS PID TASKS AGE RESET MEMORY CACHED WRITTEN FRESH COST ABOUT'.split(' '),
    'reviewer|warm|4242|2|4s|3s|181 MB|10k|1.5k|500|$0.04|Reviews code.'.split('|'),
    '|starting|-|0|4s|-|-'.split('|'),
  ])
})

test('an unknown figure is not shown as zero', () => {
  const usage = { inputTokens: 900, cachedInputTokens: 0 }
  const [, unknown, known] = rows(agentOf({}), agentOf({ figures: { tasks: 3, usage, processes: 1 } }))
  expect(unknown).toEqual('reviewer|cold|-|0|-|-|-|-|-|-|-|Reviews code.'.split('|'))
  expect(known).toEqual('reviewer|cold|-|3|-|-|-|0|-|900|-|Reviews code.'.split('|'))
})

test('those that live come first; one whose file is wrong says why', () => {
  const invalid = agentOf({ name: 'a', problem: 'a.md:3: \u001b[2Jno such skill' })
  const live = agentOf({ name: 'b', processes: [warmProcess] })
  const [, first, second] = rows(invalid, live)
  expect(first?.slice(0, 2)).toEqual(['b', 'warm'])
  expect([second?.[1], second?.at(-1)]).toEqual(['invalid', 'a.md:3: no such skill'])
})

test('a narrow terminal shows fewer columns', () => {
  const [titles = ''] = renderPool([agentOf({})], now, {
    paint: paintNothing,
    size: () => ({ columns: 60, rows: 24 }),
  })
  expect(titles.length).toBeLessThanOrEqual(60)
  expect(titles).toMatch(/^AGENT +STATUS +PID +TASKS .*ABOUT$/)
})
