import type { Clock } from '@subagent-mcp/contract'
import type { Writable } from 'node:stream'

/** Tracks whether answers have reached their host. */
export type Receipts = {
  /** Calls `received` once the answer to this request has arrived, or `lost` once it is clear that it does not. */
  expect(requestId: RequestId, receipt: Receipt): void
  /** The answer to a request was handed to the transport. */
  sent(requestId: RequestId): void
  /** Called for each message of the host other than a cancellation. */
  heard(): void
  /** Called when the host cancels a request: an answer on its way counts as lost. */
  cancelled(requestId: RequestId): void
  /** The connection has ended: what is not known to have arrived is lost. */
  close(): void
}

/** Called when an answer has arrived, or is lost. `wasSent`: it was written to a connection that ended, so it may have arrived. */
export type Receipt = { received?: () => void; lost?: (wasSent: boolean) => void }

type RequestId = string | number

/** How long a host must be there after an answer was written, in milliseconds: one that crashed hangs up sooner. */
const settledAfter = 1_000

/**
 * MCP has no acknowledgement. An answer counts as received when it is out of our hands and the host says something
 * or stays connected for a second: what is written to a host that is dying reaches nobody.
 */
export function createReceipts(clock: Clock, output: Writable): Receipts {
  const expected = new Map<RequestId, Receipt>()
  const onTheirWay = new Map<RequestId, Receipt>()
  let isOpen = true

  const settle = (): void => {
    if (!isOpen || output.writableLength > 0) return
    const arrived = [...onTheirWay.values()]
    onTheirWay.clear()
    for (const { received } of arrived) received?.()
  }
  const settleLater = (requestId: RequestId, receipt: Receipt): void => {
    clock.after(settledAfter, () => {
      if (!isOpen || onTheirWay.get(requestId) !== receipt) return
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
