import { defined, type EventSink, type OpenOutcome, type Session } from '@subagent-mcp/contract'
import { holdEvents } from '@subagent-mcp/driver-kit'
import type { LeaseEffect } from './state/effect.js'
import type { Happening } from './state/fact.js'
import { calledOff } from './state/failures.js'

/** Those whose sessions come from the pool. */
export type Lessees = {
  /** A session of a recipe, as a driver would open it. */
  lease(key: string, sink: EventSink, signal: AbortSignal): Promise<OpenOutcome>
  run(effect: LeaseEffect): void
}

type Lessee = {
  sink: EventSink
  settle: (outcome: OpenOutcome) => void
  /** What `close` of its session resolves with. */
  over: Promise<void>
  end: () => void
}

/** Joins lessees to the pool: what they do becomes facts, what they are told are effects. */
export function createLessees(port: LesseePort): Lessees {
  const lessees = new Map<string, Lessee>()
  return {
    lease: (key, sink, signal) =>
      signal.aborted
        ? Promise.resolve({ type: 'failed', failure: calledOff })
        : new Promise((resolve) => {
            const leaseId = port.newId()
            const abandon = (): void => port.dispatch({ type: 'lease-abandoned', leaseId })
            signal.addEventListener('abort', abandon)
            const settle = (outcome: OpenOutcome): void => {
              signal.removeEventListener('abort', abandon)
              resolve(outcome)
            }
            lessees.set(leaseId, { sink, settle, ...whenOver() })
            port.dispatch({ type: 'lease-requested', leaseId, key })
          }),
    run: (effect) => {
      const lessee = lessees.get(effect.leaseId)
      if (!lessee) return
      if (effect.type === 'fail-lease' || effect.type === 'end-lease') lessees.delete(effect.leaseId)
      tell(port, lessee, effect)
    },
  }
}

/** What lessees are joined to. */
export type LesseePort = { dispatch: (happening: Happening) => void; newId: () => string }

function tell(port: LesseePort, lessee: Lessee, effect: LeaseEffect): void {
  switch (effect.type) {
    case 'open-lease':
      open(port, lessee, effect)
      return
    case 'fail-lease':
      lessee.settle({ type: 'failed', failure: effect.failure })
      return
    case 'tell':
      lessee.sink(effect.event)
      return
    case 'end-lease':
      lessee.sink(effect.event)
      lessee.end()
  }
}

function open({ dispatch }: LesseePort, lessee: Lessee, effect: LeaseEffect & { type: 'open-lease' }): void {
  const { leaseId, identity, notes, pid } = effect
  const session: Session = {
    send: (command) => dispatch({ type: 'lease-commanded', leaseId, command }),
    close: (mode) => {
      dispatch({ type: 'lease-closed', leaseId, mode })
      return lessee.over
    },
  }
  const said = { ...(notes && { notes }), ...defined({ pid }) }
  lessee.settle({ type: 'opened', session, resumable: false, ...said })
  lessee.sink = holdEvents(lessee.sink)
  if (identity) lessee.sink(identity)
}

function whenOver(): Pick<Lessee, 'over' | 'end'> {
  let end = (): void => undefined
  const over = new Promise<void>((resolve) => (end = resolve))
  return { over, end: () => end() }
}
