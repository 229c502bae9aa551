import type { PermissionAuditRecord } from '@subagent-mcp/api'
import { createDebouncedCall, SubagentError, type Clock, type SessionEvent } from '@subagent-mcp/contract'
import { isAgentInTurn } from '../agent/agent-view.js'
import type { Agent } from '../agent/agent.js'
import { getFactAgentId, type AgentFact, type DurableFact, type Fact } from '../state/fact.js'
import type { AgentsState } from '../state/agents-state.js'
import type { JournaledAgentFacts } from './turn-text.js'
import { createPermissionRecords } from '../questions/permission-record.js'

/** The storage of durable facts. */
export type FactJournal = {
  /**
   * Writes facts together with their lines of the audit log, all or none, so that they survive the end of this
   * process. Returns the number of the last fact. @throws SubagentError `io-failed`
   */
  append(facts: readonly DurableFact[], records: readonly PermissionAuditRecord[]): number
  /** The facts of an agent, oldest or newest first, which are read page by page. @throws SubagentError `io-failed` */
  factsOf(agentId: string, order: 'oldest-first' | 'newest-first'): Iterable<DurableFact>
  /** Deletes all facts of these agents from the journal. @throws SubagentError `io-failed` */
  forget(agentIds: readonly string[]): void
  /** Called with the error when a fact could not be written. The fact is written together with a later fact. */
  onProblem(error: SubagentError): void
}

/** Journals facts, before they take effect. */
export type FactWriter = {
  /** Journals a durable fact and returns its number. @throws SubagentError for a request that cannot be written */
  write(fact: Fact, before: AgentsState, after: AgentsState): number | undefined
  /** Journals the facts that are still in memory only. */
  flush(): void
  /** Whether every fact is in the journal, but for those that wait in memory. */
  isWritten(): boolean
  /** The facts of an agent in the journal, and those that could not be written yet. */
  factsOf(agentId: string): JournaledAgentFacts
}

/** The milliseconds for which streamed text and a turn's usage may be in memory only. */
const writtenAfter = 1_000

/** The milliseconds between two checks whether facts in memory are old enough to be journaled. */
const lookAfter = 50

/**
 * Creates the writer of a supervisor's journal. Streamed text, and the usage that a session reports when a turn ends, wait in memory
 * for the agent's next fact, at most a second, and are written in its transaction. Pieces of text are joined, and a complete message
 * replaces its pieces. The first output of a turn is written immediately, because it decides whether a failover is possible.
 */
export function createFactWriter({ journal, clock }: { journal: FactJournal; clock: Clock }): FactWriter {
  const waiting = new Map<string, readonly WaitingFact[]>()
  const { append, hasRefused, refusedOf } = persistent(journal, clock)

  const flush = (): void => {
    const facts = [...waiting.values()].flat()
    waiting.clear()
    if (facts.length > 0 || hasRefused()) append(facts, [], true)
  }
  // Writes only the facts that are due: those of a thousand agents together would block the process.
  const flushDue = (): void => {
    const due = [...waiting.values()].filter(([first]) => first && first.at <= clock.now() - writtenAfter)
    for (const [first] of due) if (first) waiting.delete(first.agentId)
    if (due.length > 0 || hasRefused()) append(due.flat())
  }
  const flushing = createDebouncedCall(clock, lookAfter, () => {
    flushDue()
    if (waiting.size > 0 || hasRefused()) flushing.request()
  })
  const writeAgentFact = (fact: AgentFact, before: AgentsState, after: AgentsState): number | undefined => {
    const earlier = waiting.get(fact.agentId) ?? []
    if (isWaitingFact(fact)) {
      waiting.set(fact.agentId, addWaitingFact(earlier, fact))
      flushing.request()
      return undefined
    }
    if (isSign(fact) && (earlier.some(isText) || hasSpoken(before, fact.agentId))) return undefined
    waiting.delete(fact.agentId)
    const records = createPermissionRecords(fact, agentIn(before, fact), agentIn(after, fact))
    return append([...(isWholeMessage(fact) ? earlier.filter(isUsage) : earlier), fact], records)
  }

  return {
    flush,
    isWritten: () => !hasRefused(),
    factsOf: (agentId) => factsOf(agentId, journal, refusedOf(agentId)),
    write: (fact, before, after) => {
      if ('agentId' in fact) return writeAgentFact(fact, before, after)
      if (fact.type === 'agents-pruned') {
        journal.forget(fact.agentIds)
        const kept = spendingFacts(fact, after)
        if (kept.length > 0) append(kept)
      }
      return fact.type === 'launch-requested' ? append([fact]) : undefined
    },
  }
}

function factsOf(
  agentId: string,
  journal: FactJournal,
  refused: readonly DurableFact[],
): JournaledAgentFacts {
  return {
    *oldestFirst() {
      yield* journal.factsOf(agentId, 'oldest-first')
      yield* refused
    },
    *newestFirst() {
      yield* [...refused].reverse()
      yield* journal.factsOf(agentId, 'newest-first')
    },
  }
}

/** After a failed write: the milliseconds without another attempt, and the most facts that are kept in memory meanwhile. */
const pauseAfterRefusal = 1_000
const mostRefused = 10_000

/** Wraps a journal: keeps facts that have happened but could not be written in memory, and writes them before later facts. */
function persistent(
  journal: FactJournal,
  clock: Clock,
): {
  /** `atOnce` writes also during the pause after a failed write. */
  append(
    facts: readonly DurableFact[],
    records?: readonly PermissionAuditRecord[],
    atOnce?: boolean,
  ): number | undefined
  hasRefused(): boolean
  /** The facts of an agent that could not be written, oldest first. */
  refusedOf(agentId: string): readonly DurableFact[]
} {
  let refused: readonly DurableFact[] = []
  let refusedRecords: readonly PermissionAuditRecord[] = []
  let nextTry = 0
  const refuse = (facts: readonly DurableFact[], records: readonly PermissionAuditRecord[]): void => {
    refused = [...refused, ...facts.filter((fact) => !isOrder(fact))].slice(-mostRefused)
    if (!facts.some(isOrder)) refusedRecords = [...refusedRecords, ...records].slice(-mostRefused)
  }
  return {
    hasRefused: () => refused.length > 0,
    refusedOf: (agentId) => refused.filter((fact) => getFactAgentId(fact) === agentId),
    append: (facts, records = [], atOnce = false) => {
      const isUrgent = facts.some(isOrder)
      if (!isUrgent && !atOnce && clock.now() < nextTry) {
        refuse(facts, records)
        return undefined
      }
      try {
        const seq = journal.append([...refused, ...facts].map(shortened), [...refusedRecords, ...records])
        refused = []
        refusedRecords = []
        return seq
      } catch (error) {
        if (!(error instanceof SubagentError)) throw error
        refuse(facts, records)
        nextTry = clock.now() + pauseAfterRefusal
        if (isUrgent) throw error
        journal.onProblem(error)
        return undefined
      }
    },
  }
}

type EventFact = AgentFact & { type: 'session-event-received' }
type TextFact = EventFact & { event: SessionEvent & { type: 'text-delta' } }
type UsageFact = EventFact & { event: SessionEvent & { type: 'usage-reported' } }

/** A fact that is written together with the next fact of its agent. */
type WaitingFact = TextFact | UsageFact

/** Whether a fact is a request. A request that cannot be journaled is refused; all other facts have already happened. */
function isOrder({ type }: DurableFact): boolean {
  return type === 'launch-requested' || type === 'message-requested' || type === 'answer-requested'
}

function agentIn({ agents }: AgentsState, { agentId }: AgentFact): Agent | undefined {
  return agents.get(agentId)
}

function isText(fact: AgentFact): fact is TextFact {
  return fact.type === 'session-event-received' && fact.event.type === 'text-delta'
}

function isUsage(fact: AgentFact): fact is UsageFact {
  return fact.type === 'session-event-received' && fact.event.type === 'usage-reported'
}

function isWaitingFact(fact: AgentFact): fact is WaitingFact {
  return isText(fact) || isUsage(fact)
}

/** Appends a fact. A piece of text is joined with the piece before it. */
function addWaitingFact(earlier: readonly WaitingFact[], fact: WaitingFact): readonly WaitingFact[] {
  const last = earlier.at(-1)
  if (!last || !isText(last) || !isText(fact)) return [...earlier, fact]
  const text = last.event.text + fact.event.text
  return [...earlier.slice(0, -1), { ...last, event: { type: 'text-delta', text } }]
}

function isSign(fact: AgentFact): boolean {
  return fact.type === 'session-event-received' && fact.event.type === 'thinking-advanced'
}

function isWholeMessage(fact: AgentFact): boolean {
  return fact.type === 'session-event-received' && fact.event.type === 'message-ended'
}

function hasSpoken({ agents }: AgentsState, agentId: string): boolean {
  const phase = agents.get(agentId)?.phase
  return phase === undefined || !isAgentInTurn(phase) || phase.turn.firstOutputAt !== undefined
}

/** The most characters of a tool's output that are journaled. */
const longestOutput = 16_384

function shortened(fact: DurableFact): DurableFact {
  if (fact.type !== 'session-event-received' || fact.event.type !== 'tool-ended') return fact
  const { output } = fact.event
  if (output.length <= longestOutput) return fact
  const kept = `${output.slice(0, longestOutput).toWellFormed()}… (${output.length} characters)`
  return { ...fact, event: { ...fact.event, output: kept } }
}

/** The facts with the turns of deleted agents that still count for budgets. */
function spendingFacts(
  { agentIds, at }: { agentIds: readonly string[]; at: number },
  { deleted }: AgentsState,
): AgentFact[] {
  return agentIds.flatMap((agentId) => {
    const { id: _, ...kept } = deleted.get(agentId) ?? { id: undefined }
    return 'turns' in kept ? [{ type: 'spending-kept', at, agentId, ...kept }] : []
  })
}
