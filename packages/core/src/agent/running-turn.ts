import type { TurnCheckResult } from '@subagent-mcp/api'
import type { SessionEvent, TurnOutcome } from '@subagent-mcp/contract'
import type { Agent, AgentMessage, RunningTurn, EndedTurn } from './agent.js'
import { readProviderAndModel } from './agent-view.js'
import { removeCallGrantsOfTurn } from '../questions/parked-questions.js'

export function createRunningTurn(message: AgentMessage, at: number): RunningTurn {
  return { id: message.id, messages: [message], startedAt: at, said: '', writing: '' }
}

/** Applies a session event to the agent's running turn: text, first output, usage. */
export function applyEventToTurn(turn: RunningTurn, event: SessionEvent, at: number): RunningTurn {
  switch (event.type) {
    case 'text-delta':
      return { ...withFirstOutput(turn, at), writing: turn.writing + event.text }
    case 'message-ended':
      return { ...withFirstOutput(turn, at), said: joinMessages(turn.said, event.text), writing: '' }
    case 'tool-started':
      return { ...withFirstOutput(turn, at), tools: (turn.tools ?? 0) + 1 }
    case 'thinking-advanced':
    case 'approval-requested':
      return withFirstOutput(turn, at)
    case 'usage-advanced':
    case 'usage-reported':
      return event.turnId === turn.id ? { ...turn, usage: event.usage } : turn
    default:
      return turn
  }
}

/** Ends a turn. The text of a completed turn is its answer, that of all others what was written. */
function toEndedTurn(
  turn: RunningTurn,
  outcome: TurnOutcome,
  at: number,
): Omit<EndedTurn, 'provider' | 'model'> {
  const { said, writing, messages: _sent, clock: _clock, tools: _tools, ...rest } = turn
  const ended = { ...rest, endedAt: at }
  if (outcome.type !== 'completed') return { ...ended, outcome, text: joinMessages(said, writing) }
  return { ...ended, outcome: completed, text: outcome.answer }
}

const completed = { type: 'completed' } as const

/** Appends the ended turn to the agent, without a report. */
export function appendEndedTurn(
  agent: Agent,
  turn: RunningTurn,
  { outcome, at, check }: { outcome: TurnOutcome; at: number; check?: TurnCheckResult },
): Agent {
  const ended = { ...toEndedTurn(turn, outcome, at), ...readProviderAndModel(agent), ...(check && { check }) }
  return removeCallGrantsOfTurn({ ...agent, turns: [...agent.turns, ended] }, turn.id)
}

function withFirstOutput(turn: RunningTurn, at: number): RunningTurn {
  return turn.firstOutputAt === undefined ? { ...turn, firstOutputAt: at } : turn
}

function joinMessages(said: string, text: string): string {
  return said && text ? `${said}\n\n${text}` : said + text
}
