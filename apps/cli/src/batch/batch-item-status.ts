import type { AgentSummary } from '@subagent-mcp/api'
import { isAgentBusy } from '../terminal/agent-lines.js'
import type { BatchItemRecord } from './batch-record.js'

export type BatchItemStatus =
  /** The batch line waits until `notBefore` (Unix milliseconds). Then its agent is launched, or followed if it already runs. */
  | { type: 'waiting'; notBefore: number; limited: boolean }
  | { type: 'running' }
  /** The agent of the line asks for a permission that nobody has answered yet. */
  | { type: 'asking'; agent: AgentSummary }
  | { type: 'over'; outcome: BatchItemOutcome }

/** The outcome of a batch line. `refused`: no agent could be launched for the line, so the next command tries again. */
export type BatchItemOutcome = NonNullable<BatchItemRecord['outcome']> | 'refused'

/** Returns the status of a line when a command begins, from the line's record. */
export function getBatchItemStatus({ outcome }: BatchItemRecord): BatchItemStatus {
  return outcome === undefined ? { type: 'waiting', notBefore: 0, limited: false } : { type: 'over', outcome }
}

export type BatchCounts = {
  all: number
  finished: number
  failed: number
  running: number
  asking: number
  waiting: number
  /** The time (Unix ms) at which the next batch line continues. Only set if all waiting lines wait for a usage limit of a provider. */
  limitedUntil?: number
}

export function countBatchItems(lines: readonly BatchItemStatus[]): BatchCounts {
  const number = (is: (line: BatchItemStatus) => boolean): number => lines.filter(is).length
  const waiting = lines.flatMap((line) => (line.type === 'waiting' ? [line] : []))
  const isLimited = waiting.length > 0 && waiting.every(({ limited }) => limited)
  return {
    all: lines.length,
    finished: number((line) => line.type === 'over' && line.outcome === 'finished'),
    failed: number((line) => line.type === 'over' && line.outcome !== 'finished'),
    running: number(({ type }) => type === 'running'),
    asking: number(({ type }) => type === 'asking'),
    waiting: waiting.length,
    ...(isLimited && { limitedUntil: Math.min(...waiting.map(({ notBefore }) => notBefore)) }),
  }
}

/** The state of an agent, for the line that launched it. */
export type BatchAgentState =
  | { type: 'busy' | 'asking' }
  /** The agent ended at a usage limit of its provider. Its batch line is launched again at `until` (Unix ms). */
  | { type: 'limited'; until: number }
  | { type: 'over'; outcome: 'finished' | 'errored' | 'stopped' | 'interrupted' }

export function getBatchAgentState(agent: AgentSummary): BatchAgentState {
  const { status, permissions, failure } = agent
  if (permissions.length > 0) return { type: 'asking' }
  if (isAgentBusy(agent)) return { type: 'busy' }
  if (status === 'errored' && failure?.resetsAt !== undefined)
    return { type: 'limited', until: failure.resetsAt }
  return {
    type: 'over',
    outcome: status === 'errored' || status === 'stopped' || status === 'interrupted' ? status : 'finished',
  }
}
