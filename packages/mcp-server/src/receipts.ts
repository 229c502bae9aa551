import type { Clock } from '@subagent-mcp/contract'
import type { Writable } from 'node:stream'

/** Tells of answers that they have reached their host. */
export type Receipts = {
  /** `received` is called once the answer to this request has arrived; never if the connection ends first. */
  expect(requestId: RequestId, received: () => void): void
  /** The answer to a request was handed to the transport. */
  sent(requestId: RequestId): void
  /** The host has said something else than that it takes a call back. */
  heard(): void
  /** The host has taken a call back: it may have dropped the answer, if that was on its way. */
  cancelled(requestId: RequestId): void
  /** The connection has ended: what is not known to have arrived is lost. */
  close(): void
}

type RequestId = string | number

/** How long a host must be there after an answer was written, in milliseconds: one that crashed hangs up sooner. */
const settledAfter = 1_000

/**
 * MCP has no acknowledgement. An answer counts as received when it is out of our hands and the host says something
 * or stays connected for a second: what is written to a host that is dying reaches nobody.
 */
export function createReceipts(clock: Clock, output: Writable): Receipts {
  const expected = new Map<RequestId, () => void>()
  const onTheirWay = new Map<RequestId, () => void>()
  let isOpen = true

  const settle = (): void => {
    if (!isOpen || output.writableLength > 0) return
    const arrived = [...onTheirWay.values()]
    onTheirWay.clear()
    for (const received of arrived) received()
  }
  const settleLater = (requestId: RequestId, received: () => void): void => {
    clock.after(settledAfter, () => {
      if (!isOpen || onTheirWay.get(requestId) !== received) return
      if (output.writableLength > 0) {
        settleLater(requestId, received)
        return
      }
      onTheirWay.delete(requestId)
      received()
    })
  }
  return {
    expect: (requestId, received) => {
      expected.set(requestId, received)
    },
    sent: (requestId) => {
      const received = expected.get(requestId)
      if (!received) return
      expected.delete(requestId)
      onTheirWay.set(requestId, received)
      settleLater(requestId, received)
    },
    heard: settle,
    cancelled: (requestId) => {
      expected.delete(requestId)
      onTheirWay.delete(requestId)
    },
    close: () => {
      isOpen = false
    },
  }
}
