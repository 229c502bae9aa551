import type { PooledAgentUsage, PooledProcess } from '@subagent-mcp/api'
import {
  createEffectQueue,
  systemClock,
  type Clock,
  type Driver,
  type PoolLoad,
} from '@subagent-mcp/contract'
import { measureResidentMemory } from '@subagent-mcp/driver-kit'
import { randomUUID } from 'node:crypto'
import { computeNextPoolDeadline } from './state/pool-deadlines.js'
import type { PoolEffect, PoolWarmUpEffect, PoolWarmUpOutcome } from './state/pool-effect.js'
import type { UnstampedPoolFact } from './state/pool-fact.js'
import { findPoolUsage } from './state/pool-usage.js'
import { createPoolLeaseHolders } from './pool-lease-holders.js'
import { createEmptyPoolState, listMembersOfAgent } from './state/pool-state.js'
import { isSamePoolLoad, listLongestIdleMembers, computePoolLoad } from './state/pool-load.js'
import { listPooledProcesses, type PooledProcessFilter } from './state/pooled-processes.js'
import { hashPoolSpec, hashPoolLane, type PoolSpec } from './pool-spec.js'
import { poolCancelFailure } from './state/pool-failures.js'
import { reducePool } from './reduce/reduce-pool.js'
import { askPoolPolicy, type PoolPolicy } from './pool-policy.js'
import { createPoolMemberSessions } from './pool-member-sessions.js'

/** A pool of warm CLI sessions: each serves one task at a time and is reset before the next. */
export type SessionPool = {
  /** Wraps a driver: a session spec with `pool` gets its session from this pool, every other from the driver. */
  pooled(driver: Driver): Driver
  /**
   * Adds settings for pooled sessions; returns their key for `SessionSpec.pool`. Replaces the older settings of the
   * same agent, project, folder, environment and depth.
   */
  addSpec(poolSpec: PoolSpec): string
  /** Prepares a process for the next task; with `cache` it first fills the prompt cache in a turn. Never rejects. */
  warm(key: string, options: { cache: boolean; signal: AbortSignal }): Promise<PoolWarmUpOutcome>
  processes(filter?: PooledProcessFilter): readonly PooledProcess[]
  figures(agent: string, project: string): PooledAgentUsage
  /** Ends every pooled process of an agent definition. Resolves with their number when they are gone. */
  reset(agent: string, project: string): Promise<number>
  load(): PoolLoad
  /** Ends the process that has been idle longest. Returns false where none is idle. */
  retireLongestIdle(): boolean
  /** Ends all processes of the pool. Resolves when they are gone; the pool opens none afterwards. */
  close(): Promise<void>
}

export type PoolOptions = {
  drivers: ReadonlyMap<string, Driver>
  /** The clock of this pool. Default: the system's clock. */
  clock?: Clock
  /** Returns a UUID. Default: a random one. */
  newId?: () => string
  /** Returns the memory of a process with its descendants in bytes. Default: its resident memory. */
  memoryOf?: (pid: number) => number | undefined
  /** Whether the machine has room for a pooled process that no task waits for yet. Default: always. */
  hasRoomToSpare?: () => boolean
  /** The policy for calls outside of a task, as of a prime prompt. `ask` denies the call. Default: all are denied. */
  decide?: PoolPolicy
  /** Called when the pool's `load()` has changed. */
  onChange?: () => void
  log?: (line: string) => void
}

const defaults: Required<Omit<PoolOptions, 'drivers'>> = {
  clock: systemClock,
  newId: randomUUID,
  memoryOf: measureResidentMemory,
  hasRoomToSpare: () => true,
  decide: () => ({ verdict: 'deny', by: 'the default policy of the pool' }),
  onChange: () => undefined,
  log: () => undefined,
}

export function createSessionPool(given: PoolOptions): SessionPool {
  const options = { ...defaults, ...given }
  const { state, dispatch, members, leaseHolders, warmers } = createShell(options)
  return {
    pooled: (driver) =>
      withOpen(driver, (spec, sink, signal) =>
        spec.pool === undefined
          ? driver.open(spec, sink, signal)
          : leaseHolders.lease(spec.pool, sink, signal),
      ),
    addSpec: (poolSpec) => {
      const key = hashPoolSpec(poolSpec)
      dispatch({ type: 'spec-added', key, lane: hashPoolLane(poolSpec), poolSpec })
      return key
    },
    warm: warmers.warm,
    processes: (filter) => listPooledProcesses(state(), options.memoryOf, filter),
    figures: (agent, project) => findPoolUsage(state().figures, { agent, project }),
    reset: async (agent, project) => {
      const theirs = listMembersOfAgent(state(), { agent, project })
      dispatch({ type: 'agent-reset', agent, project })
      await members.gone(theirs.map(({ id }) => id))
      return theirs.length
    },
    load: () => computePoolLoad(state()),
    retireLongestIdle: () => {
      const memberIds = listLongestIdleMembers(state()).map(({ id }) => id)
      if (memberIds.length > 0) dispatch({ type: 'members-retired', memberIds })
      return memberIds.length > 0
    },
    close: async () => {
      const all = [...state().members.keys()]
      dispatch({ type: 'pool-closed' })
      await members.gone(all)
    },
  }
}

/** Returns a driver with another `open`. All other methods run on the given driver, which may be the instance of a class. */
function withOpen(driver: Driver, open: Driver['open']): Driver {
  return new Proxy(driver, {
    get: (target, name) => {
      const member: unknown = name === 'open' ? open : Reflect.get(target, name)
      const bound: unknown = typeof member === 'function' ? member.bind(target) : member
      return bound
    },
  })
}

/** Creates the mutable part of the pool, which holds its state, applies facts to it and runs their effects. */
function createShell(options: Required<PoolOptions>) {
  const { clock, newId, onChange, log } = options
  let state = createEmptyPoolState(options.drivers)
  const members = createPoolMemberSessions({
    ...options,
    policy: (memberId, request) => askPoolPolicy(options.decide, state, { memberId, request }),
    dispatch,
  })
  const leaseHolders = createPoolLeaseHolders({ dispatch, newId })
  const warmers = createWarmers({ dispatch, newId })
  const effects = createEffectQueue(run)
  const setAlarm = createAlarm(clock, () => dispatch({ type: 'time-passed' }))
  return { state: () => state, dispatch, members, leaseHolders, warmers }

  function dispatch(fact: UnstampedPoolFact): void {
    const before = state
    const [next, ...more] = reducePool(before, { ...fact, at: clock.now(), id: newId() })
    state = next
    effects.add(more)
    if (next !== before) {
      setAlarm(computeNextPoolDeadline(next))
      // The listener may dispatch further facts, whose effects run after those of this one.
      if (next.members !== before.members && !isSamePoolLoad(computePoolLoad(before), computePoolLoad(next)))
        onChange()
    }
    effects.run()
  }

  function run(effect: PoolEffect): void {
    if ('memberId' in effect) members.run(effect)
    else if ('leaseId' in effect) leaseHolders.run(effect)
    else if (effect.type === 'answer-warm') warmers.run(effect)
    else log(effect.line)
  }
}

type Warmers = {
  warm(key: string, options: { cache: boolean; signal: AbortSignal }): Promise<PoolWarmUpOutcome>
  run(effect: PoolWarmUpEffect): void
}

function createWarmers({
  dispatch,
  newId,
}: {
  dispatch: (fact: UnstampedPoolFact) => void
  newId: () => string
}): Warmers {
  const waiting = new Map<string, (outcome: PoolWarmUpOutcome) => void>()
  return {
    warm: (key, { cache, signal }) =>
      signal.aborted
        ? Promise.resolve({ type: 'failed', failure: poolCancelFailure })
        : new Promise((resolve) => {
            const waitId = newId()
            const abandon = (): void => dispatch({ type: 'warm-abandoned', waitId })
            signal.addEventListener('abort', abandon)
            waiting.set(waitId, (outcome) => {
              signal.removeEventListener('abort', abandon)
              resolve(outcome)
            })
            dispatch({ type: 'warm-requested', waitId, key, cache })
          }),
    run: ({ waitId, outcome }) => {
      waiting.get(waitId)?.(outcome)
      waiting.delete(waitId)
    },
  }
}

/** Returns a function that sets or, by `undefined`, clears the time at which `ring` is called next. */
function createAlarm(clock: Clock, ring: () => void): (at: number | undefined) => void {
  let set: { at: number; cancel: () => void } | undefined
  return setAlarm

  function setAlarm(at: number | undefined): void {
    if (at === set?.at) return
    set?.cancel()
    set =
      at === undefined ? undefined : { at, cancel: clock.after(Math.max(0, at - clock.now()), onTime(at)) }
  }

  function onTime(at: number): () => void {
    return () => {
      set = undefined
      // The clock may have a longest timer.
      if (clock.now() < at) setAlarm(at)
      else ring()
    }
  }
}
