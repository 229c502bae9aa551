import type { PermissionRecord } from '@subagent-mcp/api'
import { SubagentError, type Clock, type SessionEvent } from '@subagent-mcp/contract'
import { isInTurn } from '../agent/agent-view.js'
import type { Agent } from '../agent/agent.js'
import { atMostEvery } from '../supervisor/at-most-every.js'
import type { AgentFact, DurableFact, Fact } from '../state/fact.js'
import type { AgentsState } from '../state/agents-state.js'
import { permissionRecordsOf } from '../questions/permission-record.js'

/** Where facts are kept. */
export type FactJournal = {
  /**
   * Keeps facts, and the lines of the audit log that they are, all or none; when it returns, the end of this process
   * loses none of them. Returns the number of the last fact. @throws SubagentError `io-failed`
   */
  append(facts: readonly DurableFact[], records: readonly PermissionRecord[]): number
  /** @throws SubagentError `io-failed` */
  forget(agentIds: readonly string[]): void
  /** Told what could not be kept though it has happened; it is tried again with the next fact. */
  onProblem(error: SubagentError): void
}

/** Writes facts before they are reduced. */
export type FactWriter = {
  /** The number of the fact in the journal, if it is one to be kept. @throws SubagentError for an order that cannot be */
  write(fact: Fact, before: AgentsState, after: AgentsState): number | undefined
  /** Writes what waits. */
  flush(): void
}

/** How long a text in progress may be in memory only, in milliseconds. */
const textKeptAfter = 1_000

/** How often the texts are looked at that are in memory only, in milliseconds. */
const lookAfter = 50

/**
 * Pieces of text are joined: a row a second, not one a word. What is left of them when the whole message comes needs
 * no row at all. The first sign of life of a turn is kept however small, because it decides a failover.
 */
export function createFactWriter({ journal, clock }: { journal: FactJournal; clock: Clock }): FactWriter {
  const texts = new Map<string, TextFact>()
  const { append, hasRefused } = persistent(journal, clock)

  const flush = (): void => {
    const facts = [...texts.values()]
    texts.clear()
    if (facts.length > 0 || hasRefused()) append(facts, [], true)
  }
  // Those that are due alone: a thousand texts in one go would hold up everything else.
  const flushDue = (): void => {
    const due = [...texts.values()].filter(({ at }) => at <= clock.now() - textKeptAfter)
    for (const { agentId } of due) texts.delete(agentId)
    if (due.length > 0 || hasRefused()) append(due)
  }
  const flushLater = atMostEvery(lookAfter, clock, () => {
    flushDue()
    if (texts.size > 0 || hasRefused()) flushLater()
  })
  const writeAgentFact = (fact: AgentFact, before: AgentsState, after: AgentsState): number | undefined => {
    const text = texts.get(fact.agentId)
    if (isText(fact)) {
      texts.set(fact.agentId, text ? joined(text, fact) : fact)
      flushLater()
      return undefined
    }
    if (isSign(fact) && (text !== undefined || hasSpoken(before, fact.agentId))) return undefined
    texts.delete(fact.agentId)
    const records = permissionRecordsOf(fact, agentIn(before, fact), agentIn(after, fact))
    return append(text && !isWholeMessage(fact) ? [text, fact] : [fact], records)
  }

  return {
    flush,
    write: (fact, before, after) => {
      if ('agentId' in fact) return writeAgentFact(fact, before, after)
      if (fact.type === 'agents-pruned') journal.forget(fact.agentIds)
      return fact.type === 'launch-requested' ? append([fact]) : undefined
    },
  }
}

/** How long a journal that refuses is left alone, in milliseconds, and how many facts it may owe. */
const pauseAfterRefusal = 1_000
const mostRefused = 10_000

/** Keeps what the journal refuses and has happened all the same, and writes it before what comes later. */
function persistent(
  journal: FactJournal,
  clock: Clock,
): {
  /** With `atOnce` a journal that has refused is not left alone first. */
  append(
    facts: readonly DurableFact[],
    records?: readonly PermissionRecord[],
    atOnce?: boolean,
  ): number | undefined
  hasRefused(): boolean
} {
  let refused: readonly DurableFact[] = []
  let refusedRecords: readonly PermissionRecord[] = []
  let nextTry = 0
  const refuse = (facts: readonly DurableFact[], records: readonly PermissionRecord[]): void => {
    refused = [...refused, ...facts.filter((fact) => !isOrder(fact))].slice(-mostRefused)
    if (!facts.some(isOrder)) refusedRecords = [...refusedRecords, ...records].slice(-mostRefused)
  }
  return {
    hasRefused: () => refused.length > 0,
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

/** An order that is refused has not happened. All else has, whether or not it can be kept. */
function isOrder({ type }: DurableFact): boolean {
  return type === 'launch-requested' || type === 'message-requested' || type === 'answer-requested'
}

function agentIn({ agents }: AgentsState, { agentId }: AgentFact): Agent | undefined {
  return agents.get(agentId)
}

function isText(fact: AgentFact): fact is TextFact {
  return fact.type === 'session-event-received' && fact.event.type === 'text-delta'
}

function joined(text: TextFact, next: TextFact): TextFact {
  return { ...text, event: { type: 'text-delta', text: text.event.text + next.event.text } }
}

function isSign(fact: AgentFact): boolean {
  return fact.type === 'session-event-received' && fact.event.type === 'thinking-advanced'
}

function isWholeMessage(fact: AgentFact): boolean {
  return fact.type === 'session-event-received' && fact.event.type === 'message-ended'
}

function hasSpoken({ agents }: AgentsState, agentId: string): boolean {
  const phase = agents.get(agentId)?.phase
  return phase === undefined || !isInTurn(phase) || phase.turn.firstOutputAt !== undefined
}

/** A tool may print megabytes, of which only the beginning is of use to anybody later. */
const longestOutput = 16_384

function shortened(fact: DurableFact): DurableFact {
  if (fact.type !== 'session-event-received' || fact.event.type !== 'tool-ended') return fact
  const { output } = fact.event
  if (output.length <= longestOutput) return fact
  const kept = `${output.slice(0, longestOutput).toWellFormed()}… (${output.length} characters)`
  return { ...fact, event: { ...fact.event, output: kept } }
}
