import {
  omitUndefined,
  type SessionEventSink,
  type SessionOpenOutcome,
  type DriverSession,
} from '@subagent-mcp/contract'
import { delaySessionEvents } from '@subagent-mcp/driver-kit'
import type { PoolLeaseEffect } from './state/pool-effect.js'
import type { UnstampedPoolFact } from './state/pool-fact.js'
import { poolCancelFailure } from './state/pool-failures.js'

export type PoolLeaseHolders = {
  /** Leases a session of the spec with this key. Results and events are those of a driver's session. */
  lease(key: string, sink: SessionEventSink, signal: AbortSignal): Promise<SessionOpenOutcome>
  run(effect: PoolLeaseEffect): void
}

type LeaseHolder = {
  sink: SessionEventSink
  settle: (outcome: SessionOpenOutcome) => void
  over: Promise<void>
  end: () => void
}

/** Connects lease holders to the pool: their calls become facts of the pool, and its effects become session events. */
export function createPoolLeaseHolders(port: PoolLeaseHolderOptions): PoolLeaseHolders {
  const leaseHolders = new Map<string, LeaseHolder>()
  return {
    lease: (key, sink, signal) =>
      signal.aborted
        ? Promise.resolve({ type: 'failed', failure: poolCancelFailure })
        : new Promise((resolve) => {
            const leaseId = port.newId()
            const abandon = (): void => port.dispatch({ type: 'lease-abandoned', leaseId })
            signal.addEventListener('abort', abandon)
            const settle = (outcome: SessionOpenOutcome): void => {
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

export type PoolLeaseHolderOptions = { dispatch: (fact: UnstampedPoolFact) => void; newId: () => string }

function runEffect(port: PoolLeaseHolderOptions, holder: LeaseHolder, effect: PoolLeaseEffect): void {
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
  { dispatch }: PoolLeaseHolderOptions,
  holder: LeaseHolder,
  effect: PoolLeaseEffect & { type: 'open-lease' },
): void {
  const { leaseId, identity, notes, pid } = effect
  const session: DriverSession = {
    send: (command) => dispatch({ type: 'lease-commanded', leaseId, command }),
    close: (mode) => {
      dispatch({ type: 'lease-closed', leaseId, mode })
      return holder.over
    },
  }
  const said = { ...(notes && { notes }), ...omitUndefined({ pid }) }
  holder.settle({ type: 'opened', session, resumable: false, ...said })
  holder.sink = delaySessionEvents(holder.sink)
  if (identity) holder.sink(identity)
}

function whenOver(): Pick<LeaseHolder, 'over' | 'end'> {
  let end = (): void => undefined
  const over = new Promise<void>((resolve) => (end = resolve))
  return { over, end: () => end() }
}
