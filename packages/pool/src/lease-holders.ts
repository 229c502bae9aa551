import { defined, type EventSink, type OpenOutcome, type Session } from '@subagent-mcp/contract'
import { holdEvents } from '@subagent-mcp/driver-kit'
import type { LeaseEffect } from './state/effect.js'
import type { UnstampedFact } from './state/fact.js'
import { requestCancelledFailure } from './state/failures.js'

/** The callers whose sessions are leased from the pool. */
export type LeaseHolders = {
  /** Leases a session of the spec with this key. Results and events are those of a driver's session. */
  lease(key: string, sink: EventSink, signal: AbortSignal): Promise<OpenOutcome>
  run(effect: LeaseEffect): void
}

type LeaseHolder = {
  sink: EventSink
  settle: (outcome: OpenOutcome) => void
  /** Resolves when the lease holder's session has closed. */
  over: Promise<void>
  end: () => void
}

/** Connects lease holders to the pool: their calls become facts of the pool, and its effects become session events. */
export function createLeaseHolders(port: LeaseHolderOptions): LeaseHolders {
  const leaseHolders = new Map<string, LeaseHolder>()
  return {
    lease: (key, sink, signal) =>
      signal.aborted
        ? Promise.resolve({ type: 'failed', failure: requestCancelledFailure })
        : new Promise((resolve) => {
            const leaseId = port.newId()
            const abandon = (): void => port.dispatch({ type: 'lease-abandoned', leaseId })
            signal.addEventListener('abort', abandon)
            const settle = (outcome: OpenOutcome): void => {
              signal.removeEventListener('abort', abandon)
              resolve(outcome)
            }
            leaseHolders.set(leaseId, { sink, settle, ...whenOver() })
            port.dispatch({ type: 'lease-requested', leaseId, key })
          }),
    run: (effect) => {
      const holder = leaseHolders.get(effect.leaseId)
      if (!holder) return
      if (effect.type === 'fail-lease' || effect.type === 'end-lease') leaseHolders.delete(effect.leaseId)
      runEffect(port, holder, effect)
    },
  }
}

export type LeaseHolderOptions = { dispatch: (fact: UnstampedFact) => void; newId: () => string }

function runEffect(port: LeaseHolderOptions, holder: LeaseHolder, effect: LeaseEffect): void {
  switch (effect.type) {
    case 'open-lease':
      openLease(port, holder, effect)
      return
    case 'fail-lease':
      holder.settle({ type: 'failed', failure: effect.failure })
      return
    case 'tell':
      holder.sink(effect.event)
      return
    case 'end-lease':
      holder.sink(effect.event)
      holder.end()
  }
}

function openLease(
  { dispatch }: LeaseHolderOptions,
  holder: LeaseHolder,
  effect: LeaseEffect & { type: 'open-lease' },
): void {
  const { leaseId, identity, notes, pid } = effect
  const session: Session = {
    send: (command) => dispatch({ type: 'lease-commanded', leaseId, command }),
    close: (mode) => {
      dispatch({ type: 'lease-closed', leaseId, mode })
      return holder.over
    },
  }
  const said = { ...(notes && { notes }), ...defined({ pid }) }
  holder.settle({ type: 'opened', session, resumable: false, ...said })
  holder.sink = holdEvents(holder.sink)
  if (identity) holder.sink(identity)
}

function whenOver(): Pick<LeaseHolder, 'over' | 'end'> {
  let end = (): void => undefined
  const over = new Promise<void>((resolve) => (end = resolve))
  return { over, end: () => end() }
}
