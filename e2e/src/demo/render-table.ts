import { alignColumns } from '../align-columns.js'
import type { AgentData } from '../mcp-host.js'

type Turn = AgentData['turns'][number]

/**
 * Returns a table with a line for each turn: agent, provider and model, status, time to first output, turn time,
 * tokens.
 */
export function renderTable(agents: readonly AgentData[]): string {
  const head = ['agent', 'runs on', 'turn', 'status', 'first output', 'turn time', 'tokens in', 'tokens out']
  const rows = agents.flatMap((agent) => agent.turns.map((turn, index) => row(agent, turn, index)))
  return alignColumns(head, rows)
}

function row(agent: AgentData, turn: Turn, index: number): string[] {
  const isLast = index === agent.turns.length - 1
  return [
    agent.name ?? agent.id,
    [agent.provider, agent.model].filter(Boolean).join(' '),
    String(index + 1),
    isLast ? agent.status : turn.status,
    turn.firstOutputAt === undefined ? '-' : seconds(turn.firstOutputAt - turn.startedAt),
    seconds(turn.endedAt - turn.startedAt),
    String(turn.usage?.inputTokens ?? '-'),
    String(turn.usage?.outputTokens ?? '-'),
  ]
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`
}
