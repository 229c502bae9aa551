import type { AgentSummary } from '../../data/agents.js'
import { isAgentDone } from '../../text/figures.js'

/** The groups of the list, in their order. */
export const needsPersonGroupName = 'Needs you'
const groups = [needsPersonGroupName, 'Working', 'Done'] as const
export type AgentGroup = (typeof groups)[number]

/** The filter of the list of agents; an empty text matches all. */
export type AgentFilterValue = Record<'text' | 'project' | 'provider' | 'status', string>
export const emptyAgentFilter: AgentFilterValue = { text: '', project: '', provider: '', status: '' }

/** A line of the list: the heading of a group, or an agent. `depth`: how many of its launchers stand above it in the group. */
export type AgentListRow =
  | { type: 'heading'; key: string; group: AgentGroup; count: number }
  | { type: 'agent'; key: string; agent: AgentSummary; depth: number }

export function getAgentGroup({ permissions, status }: AgentSummary): AgentGroup {
  if (permissions.length > 0) return needsPersonGroupName
  return isAgentDone(status) ? 'Done' : 'Working'
}

/** Returns the lines of the list: each group with its agents, the newest first, and below an agent those that it launched. */
export function createAgentListRows(all: readonly AgentSummary[], filter: AgentFilterValue): AgentListRow[] {
  const listed = all.filter((agent) => matches(agent, filter))
  return groups.flatMap((group): AgentListRow[] => {
    const members = listed.filter((agent) => getAgentGroup(agent) === group)
    if (members.length === 0) return []
    return [{ type: 'heading', key: group, group, count: members.length }, ...treeRows(members)]
  })
}

function treeRows(members: readonly AgentSummary[]): AgentListRow[] {
  const ids = new Set(members.map(({ id }) => id))
  const below = Map.groupBy(members, ({ parentId }) =>
    parentId !== undefined && ids.has(parentId) ? parentId : undefined,
  )
  const rowsOf = (parent: string | undefined, depth: number): AgentListRow[] =>
    (below.get(parent) ?? [])
      .toSorted(newestFirst)
      .flatMap((agent) => [
        { type: 'agent', key: agent.id, agent, depth } as const,
        ...rowsOf(agent.id, depth + 1),
      ])
  return rowsOf(undefined, 0)
}

function newestFirst(one: AgentSummary, other: AgentSummary): number {
  return (other.permissions[0]?.askedAt ?? other.launchedAt) - (one.permissions[0]?.askedAt ?? one.launchedAt)
}

function matches(agent: AgentSummary, { text, project, provider, status }: AgentFilterValue): boolean {
  if (project !== '' && agent.project !== project) return false
  if (provider !== '' && agent.provider !== provider) return false
  if (status !== '' && agent.status !== status) return false
  if (text.trim() === '') return true
  const words = [agent.name ?? '', agent.id, agent.model ?? '', agent.cwd, agent.category]
    .join(' ')
    .toLowerCase()
  return words.includes(text.trim().toLowerCase())
}
