import type { AgentFigures } from '@subagent-mcp/api'
import type { Usage } from '@subagent-mcp/contract'
import type { PoolSpec } from '../pool-spec.js'

/** The tasks, usage and processes of a pool, by agent and project. */
export type PoolFigures = ReadonlyMap<string, AgentFigures>

type FiguresOwner = Pick<PoolSpec, 'agent' | 'project'>

export function poolFiguresOf(figures: PoolFigures, owner: FiguresOwner): AgentFigures {
  return figures.get(nameOf(owner)) ?? { tasks: 0, usage: {}, processes: 0 }
}

/** Adds tasks, usage and processes to the figures of an agent. */
export function addFigures(
  figures: PoolFigures,
  owner: FiguresOwner,
  more: Partial<AgentFigures>,
): PoolFigures {
  const { tasks, usage, processes } = poolFiguresOf(figures, owner)
  return new Map(figures).set(nameOf(owner), {
    tasks: tasks + (more.tasks ?? 0),
    usage: addUsage(usage, more.usage ?? {}),
    processes: processes + (more.processes ?? 0),
  })
}

function nameOf({ agent, project }: FiguresOwner): string {
  return JSON.stringify([agent, project])
}

function addUsage(one: Usage, other: Usage): Usage {
  const sum: Usage = { ...one }
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
