import { matching } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'
import { usageCommand } from './usage.js'

/** A context in which an agent of each of two names has ended a turn, with and without known tokens. */
async function usedContext() {
  const context = await startTestContext()
  const first = await context.launched('fixer')
  const [turn] = first.session.sent
  const turnId = turn?.type === 'prompt' ? turn.turnId : ''
  first.session.sink({
    type: 'usage-reported',
    turnId,
    usage: { inputTokens: 12_400, cachedInputTokens: 10_000, outputTokens: 800, costUsd: 0.04 },
  })
  first.session.finish()
  const second = await context.launched('other')
  second.session.finish()
  return { context, said: context.terminal.said }
}

test('usage is a table with the sum of all rows, where unknown amounts are ?', async () => {
  const { context, said } = await usedContext()
  expect(await usageCommand.run(['--by', 'agent'], context)).toBe(0)
  const rows = said.stdout.split('\n').map((line) => line.trim().split(/ {2,}/))
  expect(rows.slice(0, 4)).toEqual([
    ['AGENT', 'NAME', 'AGENTS', 'TURNS', 'TIME', 'IN', 'CACHED', 'OUT', 'COST'],
    [matching(/^a\d+$/), 'fixer', '1', '1', '0.0 s', '12k', '10k', '800', '$0.04'],
    [matching(/^a\d+$/), 'other', '1', '1', '0.0 s', '?', '?', '?', '?'],
    ['total', '2', '2', '0.0 s', '12k', '10k', '800', '$0.04'],
  ])
  expect(said.stderr).toContain('the cost of 1 turn is unknown')
})

test('usage as JSON is the answer of the daemon', async () => {
  const { context, said } = await usedContext()
  expect(await usageCommand.run(['--by', 'model', '--since', '2d', '--json'], context)).toBe(0)
  expect(JSON.parse(said.stdout)).toMatchObject({
    by: 'model',
    since: matching(/^\d{4}-\d\d-\d\d$/),
    groups: [{ provider: 'claude', turns: 2, inputTokens: 12_400, turnsWithoutCost: 1 }],
    total: { agents: 2 },
  })
})

test('without turns there is no table, and an unknown key is named', async () => {
  const context = await startTestContext()
  expect(await usageCommand.run([], context)).toBe(0)
  expect(context.terminal.said.stdout).toBe('')
  expect(context.terminal.said.stderr).toContain('no turns ended yet')
  expect(() => usageCommand.read(['--by', 'week'])).toThrow(/week/)
})
