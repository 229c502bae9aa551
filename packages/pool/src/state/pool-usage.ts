import type { PooledAgentUsage } from '@subagent-mcp/api'
import type { TurnUsage } from '@subagent-mcp/contract'
import type { PoolSpec } from '../pool-spec.js'

export type PoolUsageByAgent = ReadonlyMap<string, PooledAgentUsage>

type FiguresOwner = Pick<PoolSpec, 'agent' | 'project'>

export function findPoolUsage(figures: PoolUsageByAgent, owner: FiguresOwner): PooledAgentUsage {
  return figures.get(nameOf(owner)) ?? { tasks: 0, usage: {}, processes: 0 }
}

export function addPoolUsage(
  figures: PoolUsageByAgent,
  owner: FiguresOwner,
  more: Partial<PooledAgentUsage>,
): PoolUsageByAgent {
  const { tasks, usage, processes } = findPoolUsage(figures, owner)
  return new Map(figures).set(nameOf(owner), {
    tasks: tasks + (more.tasks ?? 0),
    usage: addUsage(usage, more.usage ?? {}),
    processes: processes + (more.processes ?? 0),
  })
}

function nameOf({ agent, project }: FiguresOwner): string {
  return JSON.stringify([agent, project])
}

function addUsage(one: TurnUsage, other: TurnUsage): TurnUsage {
  const sum: TurnUsage = { ...one }
  for (const field of fields) {
    const more = other[field]
    if (more !== undefined) sum[field] = (sum[field] ?? 0) + more
  }
  return sum
}

const fields = [
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteInputTokens',
  'outputTokens',
  'costUsd',
] as const
