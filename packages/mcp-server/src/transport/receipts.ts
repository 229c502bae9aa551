import type { Clock } from '@subagent-mcp/contract'
import type { Writable } from 'node:stream'

/** Tracks whether answers have reached their host. */
export type AnswerReceipts = {
  /** Calls `received` once the answer to this request has arrived, or `lost` once it is clear that it does not. */
  expect(requestId: RequestId, receipt: ReceiptListener): void
  /** Called when the answer to a request was passed to the transport. */
  sent(requestId: RequestId): void
  /** Called for each message of the host that is no cancellation. */
  heard(): void
  /** Called when the host cancels a request. An answer that is being sent counts as lost. */
  cancelled(requestId: RequestId): void
  /** Ends the receipts with the connection: every answer that is not known to have arrived is lost. */
  close(): void
}

/** Called when an answer has arrived, or is lost. `wasSent`: it was written to a connection that ended, so it may have arrived. */
export type ReceiptListener = { received?: () => void; lost?: (wasSent: boolean) => void }

type RequestId = string | number

/** The time after which a written answer counts as received if the host is still connected, in milliseconds. A crashed host disconnects sooner. */
const settledAfter = 1_000

/** Where answers are written. `isGone`: the connection has ended, so that only a later message of the host shows that it got them. */
export type AnswerOutput = Pick<Writable, 'writableLength'> & { isGone?(): boolean }

/**
 * Creates the receipts of one connection, because MCP has no acknowledgement. An answer counts as received when it was written
 * and the host then sends a message or stays connected for a second. Bytes written to a dying host reach nobody.
 */
export function createReceipts(clock: Clock, output: AnswerOutput): AnswerReceipts {
  const expected = new Map<RequestId, ReceiptListener>()
  const onTheirWay = new Map<RequestId, ReceiptListener>()
  let isOpen = true

  const settle = (): void => {
    if (!isOpen || output.writableLength > 0) return
    const arrived = [...onTheirWay.values()]
    onTheirWay.clear()
    for (const { received } of arrived) received?.()
  }
  const settleLater = (requestId: RequestId, receipt: ReceiptListener): void => {
    clock.after(settledAfter, () => {
      if (!isOpen || onTheirWay.get(requestId) !== receipt || output.isGone?.()) return
      if (output.writableLength > 0) {
        settleLater(requestId, receipt)
        return
      }
      onTheirWay.delete(requestId)
      receipt.received?.()
    })
  }
  const lose = (requestId: RequestId): void => {
    const lost = [expected, onTheirWay].flatMap((receipts) => receipts.get(requestId) ?? [])
    expected.delete(requestId)
    onTheirWay.delete(requestId)
    for (const receipt of lost) receipt.lost?.(false)
  }
  return {
    expect: (requestId, receipt) => {
      expected.set(requestId, receipt)
      if (!isOpen) lose(requestId)
    },
    sent: (requestId) => {
      const receipt = expected.get(requestId)
      if (!receipt) return
      expected.delete(requestId)
      onTheirWay.set(requestId, receipt)
      settleLater(requestId, receipt)
    },
    heard: settle,
    cancelled: lose,
    close: () => {
      isOpen = false
      for (const requestId of expected.keys()) lose(requestId)
      for (const { lost } of onTheirWay.values()) lost?.(true)
      onTheirWay.clear()
    },
  }
}
