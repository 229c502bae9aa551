import type { MessageBatch } from '@subagent-mcp/mailbox'
import { computeWorkerRetryDelayMs, sleepUntilAborted } from './retry-delay.js'
import { formatErrorOnOneLine } from './describe-error.js'
import type { WorkerBatchResult } from './finish-worker-turn.js'
import { handleMailBatch } from './handle-mail-batch.js'
import { openWorker, type RunningWorker } from './open-worker.js'
import {
  findCurrentWorkerPause,
  createWorkerPauseUntilRetry,
  waitUntilWorkerPauseEnds,
} from './worker-pause.js'
import type { WorkerPause } from './worker-line.js'
import type { WorkerEnd, WorkerOptions, WorkerPorts } from './worker-ports.js'

/**
 * Handles an agent's messages, one turn after the other. Ends within seconds after the signal aborts. Errors of ports
 * are logged and waited out. @throws SubagentError where the memory cannot be read, and with `once` where the mailbox
 * cannot be
 */
export async function runWorker(
  ports: WorkerPorts,
  options: WorkerOptions,
  stop: AbortSignal,
): Promise<WorkerEnd> {
  const worker = openWorker(ports, options)
  const { session } = worker.memory.now()
  worker.log({ type: 'started', ...(session !== undefined && { session: session.id }) })
  worker.memory.change({ status: { type: 'waiting', since: worker.clock.now() } })
  try {
    return await work(worker, stop)
  } finally {
    worker.memory.change({ status: { type: 'stopped', since: worker.clock.now() } })
    worker.log({ type: 'stopped' })
    await worker.memory.saved()
  }
}

async function work(worker: RunningWorker, stop: AbortSignal): Promise<WorkerEnd> {
  const { clock, options } = worker
  let failures = 0
  let blocks = 0
  let rest: WorkerPause | undefined
  while (!stop.aborted) {
    rest = findCurrentWorkerPause(worker, rest)
    if (rest !== undefined) {
      await waitUntilWorkerPauseEnds(worker, rest, stop)
      if (options.once) return rest
      rest = undefined
      continue
    }
    const step = await takeStep(worker, stop)
    if (step.type === 'blocked') {
      blocks += 1
      rest = createWorkerPauseUntilRetry(step.failure, { blocks, now: clock.now() })
      continue
    }
    if (step.type === 'handled') blocks = 0
    if (step.type === 'failed') rest = step.rest
    if (options.once) return endOf(step)
    failures = isBad(step) ? failures + 1 : 0
    // After one failure the mailbox delays the retry; a second in a row may mean that every turn fails.
    if (failures > 1)
      await sleepUntilAborted(computeWorkerRetryDelayMs(failures - 1), { clock, signal: stop })
  }
  return { type: 'stopped' }
}

type Step = WorkerBatchResult | { type: 'nothing' } | { type: 'trouble' }

function isBad({ type }: Step): boolean {
  return type === 'failed' || type === 'trouble' || type === 'unreachable'
}

function endOf({ type }: Exclude<Step, { type: 'blocked' }>): WorkerEnd {
  if (type === 'stopped') return { type }
  return { type: 'once', result: type === 'trouble' || type === 'unreachable' ? 'failed' : type }
}

async function takeStep(worker: RunningWorker, stop: AbortSignal): Promise<Step> {
  const { clock, memory, log } = worker
  try {
    const batch = await nextBatch(worker, stop)
    if (batch === undefined) return { type: 'nothing' }
    const handled = await handleMailBatch(worker, batch, stop)
    memory.changeSoon({ status: { type: 'waiting', since: clock.now() } })
    return handled
  } catch (error) {
    if (stop.aborted) return { type: 'stopped' }
    if (worker.options.once) throw error
    log({ type: 'trouble', problem: formatErrorOnOneLine(error) })
    return { type: 'trouble' }
  }
}

async function nextBatch(worker: RunningWorker, stop: AbortSignal): Promise<MessageBatch | undefined> {
  const { mail, clock, contact, options } = worker
  const { name, instance, leaseMs, pollMs, maxBatch } = options
  const order = { agent: name, instance, leaseMs, waitMs: pollMs, limit: maxBatch }
  const began = clock.now()
  const next = (): Promise<MessageBatch | undefined> => mail.next(order, stop)
  const batch = await (options.once ? next() : contact.reach(next, stop))
  if (batch !== undefined && batch.messages.length > 0) return batch
  // Limits the rate of calls to a mailbox that returns immediately.
  const early = Math.min(pollMs, leastPoll) - (clock.now() - began)
  if (!options.once && early > 0) await sleepUntilAborted(leastPoll, { clock, signal: stop })
  return undefined
}

const leastPoll = 1_000
