import type { Clock } from '@subagent-mcp/contract'
import type { Writable } from 'node:stream'

/** Tracks whether answers have reached their host. */
export type AnswerReceipts = {
  /** Calls `received` when the answer to this request has arrived, or `lost` when it is known that the answer will not arrive. */
  expect(requestId: RequestId, receipt: ReceiptListener): void
  /** Called when the answer to a request was passed to the transport. */
  sent(requestId: RequestId): void
  /** Called for each message of the host, except cancellations. */
  heard(): void
  /** Called when the host cancels a request. An answer that is being sent counts as lost. */
  cancelled(requestId: RequestId): void
  /** Called when the connection has ended: every answer that is not known to have arrived counts as lost. */
  close(): void
}

/** Called when an answer has arrived or is lost. `wasSent`: the answer was written to a connection that ended, so it may have arrived. */
export type ReceiptListener = { received?: () => void; lost?: (wasSent: boolean) => void }

/**
 * Returns the description of an answer. If it fails, as for a text that cannot be read from the journal, the answer counts as lost, so
 * that the next wait returns its reports again.
 */
export async function describeAnswerOrMarkLost<Description>(
  { lost }: ReceiptListener,
  describe: () => Description | Promise<Description>,
): Promise<Description> {
  try {
    return await describe()
  } catch (error) {
    lost?.(false)
    throw error
  }
}

type RequestId = string | number

/** The milliseconds after which a written answer counts as received if the host is still connected. A crashed host disconnects sooner. */
const settledAfter = 1_000

/** The stream that answers are written to. `isGone`: the connection has ended, so only a later message of the host proves that answers arrived. */
export type AnswerStream = Pick<Writable, 'writableLength'> & { isGone?(): boolean }

/**
 * Creates the receipts of one connection, because MCP has no acknowledgement. An answer counts as received when it was written
 * and the host then sends a message or stays connected for a second. Bytes written to a dying host reach nobody.
 */
export function createAnswerReceipts(clock: Clock, output: AnswerStream): AnswerReceipts {
  const expected = new Map<RequestId, ReceiptListener>()
  const onTheirWay = new Map<RequestId, { receipt: ReceiptListener; stopTimer(): void }>()
  let isOpen = true
  const takeSent = (requestId: RequestId): ReceiptListener | undefined => {
    const sent = onTheirWay.get(requestId)
    sent?.stopTimer()
    onTheirWay.delete(requestId)
    return sent?.receipt
  }
  const settle = (requestIds: Iterable<RequestId>): void => {
    if (!isOpen || output.writableLength > 0) return
    for (const receipt of [...requestIds].map(takeSent)) receipt?.received?.()
  }
  const settleLater = (requestId: RequestId, receipt: ReceiptListener): void => {
    const stopTimer = clock.after(settledAfter, () => {
      if (output.isGone?.()) return
      settle([requestId])
      if (onTheirWay.has(requestId)) settleLater(requestId, receipt)
    })
    onTheirWay.set(requestId, { receipt, stopTimer })
  }
  const lose = (requestId: RequestId): void => {
    const lost = [expected.get(requestId), takeSent(requestId)]
    expected.delete(requestId)
    for (const receipt of lost) receipt?.lost?.(false)
  }
  return {
    expect: (requestId, receipt) => {
      if (isOpen) expected.set(requestId, receipt)
      else receipt.lost?.(false)
    },
    sent: (requestId) => {
      const receipt = expected.get(requestId)
      if (!receipt) return
      expected.delete(requestId)
      takeSent(requestId)
      settleLater(requestId, receipt)
    },
    heard: () => {
      settle(onTheirWay.keys())
    },
    cancelled: lose,
    close: () => {
      isOpen = false
      for (const requestId of expected.keys()) lose(requestId)
      for (const requestId of onTheirWay.keys()) takeSent(requestId)?.lost?.(true)
    },
  }
}
