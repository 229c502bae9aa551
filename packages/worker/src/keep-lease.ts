import type { Clock } from '@subagent-mcp/contract'
import type { WorkerMail } from './worker-ports.js'

/** A lease that is renewed until `end`. `lost` aborts when another has what was taken. */
export type Lease = { lost: AbortSignal; end(): void }

/** Renews the lease of a take three times in its length. A mailbox that cannot be reached has not said that it is lost. */
export function keepLease({ mail, clock, take, leaseMs }: LeaseOrder): Lease {
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
      // Whatever it was: the lease is not over yet, and a turn is worth more than an error here.
      () => {
        again(leaseMs / 12)
      },
    )
  }

  function again(milliseconds: number): void {
    if (!ended) cancel = clock.after(milliseconds, renew)
  }
}

type LeaseOrder = { mail: Pick<WorkerMail, 'renew'>; clock: Clock; take: string; leaseMs: number }
