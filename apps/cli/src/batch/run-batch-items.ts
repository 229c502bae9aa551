import { longestWaitSeconds, type AgentSummary } from '@subagent-mcp/api'
import type { DaemonClient } from '@subagent-mcp/client'
import { SubagentError } from '@subagent-mcp/contract'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { BatchRecord } from './batch-record.js'
import {
  getBatchAgentState,
  countBatchItems,
  getBatchItemStatus,
  type BatchCounts,
  type BatchItemOutcome,
  type BatchItemStatus,
} from './batch-item-status.js'
import type { LaunchBatch, BatchItem } from './read-batch.js'

/** The result of a batch line. `said`: the agent's last text. `error`: the reason why no agent was launched. */
export type BatchItemResult = {
  line: BatchItem
  outcome: BatchItemOutcome
  agent?: AgentSummary
  said: string
  error?: SubagentError
}

export type BatchItemState = { line: BatchItem; status: BatchItemStatus }

type WorkOptions = {
  batch: LaunchBatch
  record: BatchRecord
  /** The most agents of the batch that run in parallel. */
  limit: number
  daemon: {
    client(): Pick<DaemonClient, 'launch' | 'wait' | 'agent'>
    /** Connects to the next daemon, and starts it if none runs. @throws SubagentError */
    again(): Promise<void>
  }
  /** The environment and process that the daemon records as the caller of each launch. */
  caller: { environment: Record<string, string>; pid: number }
  now: () => number
  signal: AbortSignal
  onResult: (result: BatchItemResult) => Promise<void>
  onProgress: (counts: BatchCounts) => Promise<void>
}

/** The longest pause of a batch in milliseconds. It is short, because timers stand still while the computer sleeps. */
const longestPause = 1_000

/** The shortest pause, in milliseconds, before a batch line is launched again after a usage limit, times the number of tries. */
const retryMs = 1_000

/** The pause, in milliseconds, after a launch was refused because of too many launches in the last minute. */
const rateMs = 5_000

/**
 * Launches the lines of a batch and follows their agents, until each has ended or asks for a permission, or `signal` aborts.
 * Lines with an agent from an earlier command are not launched again.
 */
export async function runBatchItems(options: WorkOptions): Promise<readonly BatchItemState[]> {
  const { batch, record, limit, now, signal } = options
  const statuses = new Map(batch.lines.map(({ key }) => [key, getBatchItemStatus(record.line(key))]))
  const running = new Map<string, Promise<void>>()
  const entries = (): BatchItemState[] =>
    batch.lines.map((line) => ({ line, status: statuses.get(line.key) ?? { type: 'running' } }))
  const start = (line: BatchItem): void => {
    statuses.set(line.key, { type: 'running' })
    const step = advance(line, options).then((status) => {
      statuses.set(line.key, status)
      running.delete(line.key)
    })
    running.set(line.key, step)
  }
  const stopped = new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }))
  while (!signal.aborted) {
    for (const { line, status } of startOrder(entries(), record)) {
      if (running.size < limit && status.notBefore <= now()) start(line)
    }
    await options.onProgress(countBatchItems([...statuses.values()]))
    if (running.size < limit && (await reviveAnswered(entries(), statuses, options))) continue
    const pause = pauseUntilNext([...statuses.values()], now())
    if (running.size === 0 && pause === undefined) break
    const timer = new AbortController()
    const passed =
      pause === undefined ? [] : [delay(pause, undefined, { signal: timer.signal }).catch(() => undefined)]
    await Promise.race([...running.values(), ...passed, stopped])
    timer.abort()
  }
  return entries()
}

type WaitingEntry = { line: BatchItem; status: BatchItemStatus & { type: 'waiting' } }

/** The batch lines that wait; first those that already have an agent. */
function startOrder(entries: readonly BatchItemState[], record: BatchRecord): readonly WaitingEntry[] {
  const waiting = entries.flatMap(({ line, status }) => (status.type === 'waiting' ? [{ line, status }] : []))
  const isNew = ({ line }: WaitingEntry): number => (record.line(line.key).agentId === undefined ? 1 : 0)
  return waiting.toSorted((one, other) => isNew(one) - isNew(other))
}

/** Returns the milliseconds until the next batch line may start, at most a second; `undefined` if no line waits for a time. */
function pauseUntilNext(statuses: readonly BatchItemStatus[], now: number): number | undefined {
  const times = statuses.flatMap((line) => (line.type === 'waiting' ? [line.notBefore] : []))
  return times.length === 0 ? undefined : Math.min(longestPause, Math.max(0, Math.min(...times) - now))
}

/** Continues batch lines whose permission request was answered meanwhile. Returns whether any line was continued. */
async function reviveAnswered(
  entries: readonly BatchItemState[],
  statuses: Map<string, BatchItemStatus>,
  options: WorkOptions,
): Promise<boolean> {
  let isRevived = false
  for (const { line, status } of entries) {
    if (status.type !== 'asking' || options.signal.aborted) continue
    const found = await withDaemon(options, async (client) => (await client.agent(status.agent.id)).agent)
    if (found && getBatchAgentState(found).type === 'asking') continue
    statuses.set(line.key, { type: 'waiting', notBefore: 0, limited: false })
    isRevived = true
  }
  return isRevived
}

/**
 * Sends a request to the daemon. Returns `undefined` if the daemon no longer knows the agent, or has ended; in that case the next
 * one is started first.
 */
async function withDaemon<Result>(
  { daemon }: WorkOptions,
  ask: (client: ReturnType<WorkOptions['daemon']['client']>) => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await ask(daemon.client())
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    if (error.code === 'unknown-agent') return undefined
    if (error.code !== 'daemon-unreachable') throw error
    await daemon.again()
    return undefined
  }
}

/** Launches the agent of a batch line unless the line has one, follows it, and returns the next status of the line. */
async function advance(line: BatchItem, options: WorkOptions): Promise<BatchItemStatus> {
  const { daemon, now, signal } = options
  const later = (notBefore: number, limited = false): BatchItemStatus => ({
    type: 'waiting',
    notBefore,
    limited,
  })
  try {
    return await follow(line, await agentOf(line, options), options)
  } catch (error) {
    if (signal.aborted) return later(0)
    if (!(error instanceof SubagentError)) throw error
    if (error.resetsAt !== undefined) return later(Math.max(error.resetsAt, now() + retryMs), true)
    if (error.code === 'too-many-launches') return later(now() + rateMs)
    if (error.code === 'daemon-unreachable') {
      await daemon.again()
      return later(0)
    }
    const isGone = error.code === 'unknown-agent'
    return finish({ line, outcome: isGone ? 'gone' : 'refused', said: '', error }, options)
  }
}

/** Returns the id of the agent of a batch line. Launches the agent if the line has none. @throws SubagentError */
async function agentOf(line: BatchItem, { record, daemon, caller }: WorkOptions): Promise<string> {
  const { key, options } = line
  const known = record.line(key)
  if (known.agentId !== undefined) return known.agentId
  const { agent } = await daemon.client().launch({
    ...options,
    ...caller,
    cwd: resolve(record.cwd, options.cwd ?? '.'),
    requestId: record.requestId(key),
  })
  record.note(key, { ...known, agentId: agent.id })
  return agent.id
}

/** Waits until an agent has ended or asks for permission, and returns the status of its batch line. @throws SubagentError */
async function follow(line: BatchItem, agentId: string, options: WorkOptions): Promise<BatchItemStatus> {
  const { record, daemon, now, signal } = options
  for (;;) {
    const query = { agentIds: [agentId], timeoutSeconds: longestWaitSeconds, answers: true }
    const { agents, answers, unreadable } = await daemon.client().wait({ ...query, until: 'all' }, signal)
    const [agent] = agents
    if (!agent) return finish({ line, outcome: 'gone', said: '' }, options)
    const state = getBatchAgentState(agent)
    if (state.type === 'asking') return { type: 'asking', agent }
    if (state.type === 'limited') {
      const tries = record.line(line.key).tries + 1
      record.note(line.key, { tries })
      const least = now() + Math.min(tries, 60) * retryMs
      return { type: 'waiting', notBefore: Math.max(state.until, least), limited: true }
    }
    const problem = unreadable?.[agentId]
    if (problem !== undefined) throw new SubagentError('io-failed', problem)
    if (state.type === 'over')
      return finish({ line, outcome: state.outcome, agent, said: answers[agentId] ?? '' }, options)
  }
}

/** Prints the result of a batch line, then records that. After a crash in between, the result is printed again and not lost. */
async function finish(result: BatchItemResult, { record, onResult }: WorkOptions): Promise<BatchItemStatus> {
  const { line, outcome } = result
  await onResult(result)
  if (outcome !== 'refused') record.note(line.key, { ...record.line(line.key), outcome })
  return { type: 'over', outcome }
}
