import type { MessageBatch, MailboxMessage } from '@subagent-mcp/mailbox'
import { attemptWorkerTurn } from './attempt-worker-turn.js'
import { formatErrorOnOneLine } from './describe-error.js'
import { finishWorkerTurn, type WorkerBatchResult } from './finish-worker-turn.js'
import type { RunningWorker } from './open-worker.js'
import type { Clock } from '@subagent-mcp/contract'
import type { WorkerMail } from './worker-ports.js'

/** Handles a batch in one turn, under a renewed lease. @throws if not even releasing the batch works */
export async function handleMailBatch(
  worker: RunningWorker,
  batch: MessageBatch,
  stop: AbortSignal,
): Promise<WorkerBatchResult> {
  const { mail, clock, options } = worker
  const lease = keepLease({ mail, clock, take: batch.take, leaseMs: options.leaseMs })
  const portion = chooseBatchPortion(batch.messages)
  try {
    await releaseOthers({ worker, batch, portion, stop })
    const result = await attemptWorkerTurn(worker, portion, { lost: lease.lost, stop })
    return await finishWorkerTurn({ worker, take: batch.take, portion, result, stop })
  } catch (error) {
    if (lease.lost.aborted) return { type: 'lost' }
    return await releaseAfterError({ worker, batch, error, stop })
  } finally {
    lease.end()
  }
}

type BatchOptions = { worker: RunningWorker; batch: MessageBatch; stop: AbortSignal }

async function releaseOthers({
  worker,
  batch,
  portion,
  stop,
}: BatchOptions & { portion: readonly MailboxMessage[] }): Promise<void> {
  const ids = batch.messages.filter((message) => !portion.includes(message)).map(({ id }) => id)
  if (ids.length > 0) await worker.contact.reach(() => worker.mail.release(batch.take, { ids }), stop)
}

async function releaseAfterError({
  worker,
  batch,
  error,
  stop,
}: BatchOptions & { error: unknown }): Promise<WorkerBatchResult> {
  const { mail, contact, log } = worker
  if (stop.aborted) {
    // Otherwise the mailbox releases it when this handler is unregistered.
    await mail.release(batch.take).catch(() => undefined)
    return { type: 'stopped' }
  }
  const problem = formatErrorOnOneLine(error)
  log({ type: 'trouble', problem })
  // It counts as an attempt, so that a message on which the worker always fails is given up.
  await contact.reach(() => mail.release(batch.take, { failure: `the worker failed: ${problem}` }), stop)
  return { type: 'failed' }
}

/** A lease that is renewed until `end`. `lost` aborts when another handler has the messages. */
type Lease = { lost: AbortSignal; end(): void }

/** Renews a lease three times within its length. An unreachable mailbox does not mean that the lease is lost. */
function keepLease({ mail, clock, take, leaseMs }: LeaseOptions): Lease {
  const lost = new AbortController()
  let ended = false
  let cancel = clock.after(leaseMs / 3, renew)
  return {
    lost: lost.signal,
    end: () => {
      ended = true
      cancel()
    },
  }

  function renew(): void {
    mail.renew(take, leaseMs).then(
      (held) => {
        if (held) again(leaseMs / 3)
        else lost.abort()
      },
      // On any error: the lease still holds, and the turn should continue.
      () => {
        again(leaseMs / 12)
      },
    )
  }

  function again(milliseconds: number): void {
    if (!ended) cancel = clock.after(milliseconds, renew)
  }
}

type LeaseOptions = { mail: Pick<WorkerMail, 'renew'>; clock: Clock; take: string; leaseMs: number }

/**
 * Chooses the messages of a batch for one turn: the oldest, and the next ones of the same sender and thread, up to
 * 128 kB. So the turn's answer has one recipient, and other replicas can take other threads. A message that failed
 * before is handled alone, so that it cannot harm others.
 */
export function chooseBatchPortion(messages: readonly MailboxMessage[]): readonly MailboxMessage[] {
  const [first] = messages
  if (first === undefined || first.tries > 0) return messages.slice(0, 1)
  const thread = messages.filter((message) => message.thread === first.thread)
  let bytes = 0
  const end = thread.findIndex((message, index) => {
    bytes += Buffer.byteLength(message.body)
    return index > 0 && (message.from.name !== first.from.name || message.tries > 0 || bytes > portionBytes)
  })
  return end === -1 ? thread : thread.slice(0, end)
}

const portionBytes = 128 * 1024
