import { isTaskCategory, taskCategories } from '@subagent-mcp/contract'
import { chooseCandidates, defaultRoutingTable } from '@subagent-mcp/routing'
import { quantile, type Figure } from '../figure.js'

const rounds = 1_000

/** Time of a routing decision over all categories of the default table. Floor: `JSON.parse` of the table. */
export function routingTime(): Promise<Figure[]> {
  const categories = Object.keys(taskCategories).filter(isTaskCategory)
  const text = JSON.stringify(defaultRoutingTable())
  const [decided, read]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    for (const category of categories) {
      decided.push(microseconds(() => chooseCandidates(defaultRoutingTable(), { category }, () => undefined)))
      read.push(microseconds(() => JSON.parse(text)))
    }
  }
  return Promise.resolve([
    {
      name: 'routing: a decision',
      unit: 'µs',
      n: decided.length,
      ours: quantile(decided),
      floor: { name: 'JSON.parse of the table', value: quantile(read) },
      limit: { type: 'ratio', most: 1 },
    },
  ])
}

function microseconds(act: () => unknown): number {
  const start = performance.now()
  act()
  return (performance.now() - start) * 1000
}
