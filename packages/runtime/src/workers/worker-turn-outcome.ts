import type { AgentSummary } from '@subagent-mcp/api'
import {
  omitUndefined,
  type Failure,
  type FailureReason,
  type SubagentError,
  type ErrorCode,
} from '@subagent-mcp/contract'
import type { Agent } from '@subagent-mcp/core'
import { formatProviderModel } from '@subagent-mcp/routing'
import { formatErrorOnOneLine, type CountedTurn, type WorkerTurnEnd } from '@subagent-mcp/worker'

/**
 * A started turn: its agent's id, the number of earlier turns of the agent, and whether it continues an existing session
 * (`known`).
 */
export type StartedWorkerTurn = { id: string; before: number; known: boolean }

/** Returns the end of the newest turn of an agent that runs no turn. `said`: the agent's text in this turn. */
export function getWorkerTurnOutcome(
  { agent, said }: { agent: AgentSummary; said: string },
  { id, before, known }: StartedWorkerTurn,
): WorkerTurnEnd {
  const turn = agent.turnCount > before ? agent.turns.at(-1) : undefined
  const model = formatErrorOnOneLine(formatProviderModel(agent))
  const told = { session: id, model, ...(turn?.usage && { usage: turn.usage }) }
  if (turn?.status === 'finished') return { ...told, type: 'ended', text: said }
  if (turn?.status === 'interrupted' || isEnded(agent.status)) return { ...told, type: 'stopped' }
  const failure = agent.failure ?? wordless
  const sessionLost = known && turn === undefined && failure.reason === 'bad-request'
  return { ...told, type: 'failed', failure, ...(sessionLost && { sessionLost }) }
}

function isEnded(status: AgentSummary['status']): boolean {
  return status === 'stopped' || status === 'interrupted'
}

const wordless: Failure = { reason: 'unknown', message: 'the agent ended before its turn had begun' }

/**
 * Returns the end of a turn that was refused. `known`: the session no longer exists, so a new session may succeed.
 */
export function createRefusedTurnEnd(
  error: SubagentError,
  { known }: Pick<StartedWorkerTurn, 'known'>,
): WorkerTurnEnd {
  const { code, message, hint, resetsAt } = error
  const failure: Failure = {
    reason: resetsAt === undefined ? (reasons[code] ?? 'refused') : 'rate-limited',
    message,
    ...(hint !== undefined && { hint }),
    ...(resetsAt !== undefined && { resetsAt }),
  }
  const sessionLost = known && gone.includes(code)
  return { type: 'failed', failure, ...(sessionLost && { sessionLost }) }
}

/** The turns of a worker's agent that count, as its journal has them. Interrupted ones do not: the mailbox gives their messages again. */
export function listCountedTurns({ profile, turns }: Agent): CountedTurn[] {
  return turns.flatMap(({ startedAt: began, endedAt: ended, outcome, usage }): CountedTurn[] => {
    const told = { session: profile.id, ...omitUndefined({ usage }) }
    switch (outcome.type) {
      case 'completed':
        return [{ began, ended, result: { ...told, type: 'ended', text: '' } }]
      case 'failed':
        return [{ began, ended, result: { ...told, type: 'failed', failure: outcome.failure } }]
      case 'interrupted':
        return []
    }
  })
}

const gone: readonly ErrorCode[] = ['agent-dead', 'unknown-agent', 'ambiguous-agent', 'above-ceiling']

const reasons: Partial<Readonly<Record<ErrorCode, FailureReason>>> = {
  'not-installed': 'not-installed',
  'not-signed-in': 'not-signed-in',
  'at-capacity': 'overloaded',
  'too-many-launches': 'overloaded',
  'io-failed': 'unknown',
  'daemon-failed': 'unknown',
  'agent-dead': 'stopped',
  'unknown-agent': 'stopped',
}
