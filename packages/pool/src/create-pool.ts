import type { AgentFigures, PooledProcess } from '@subagent-mcp/api'
import type { Clock, Driver } from '@subagent-mcp/contract'
import { createAlarm } from './alarm.js'
import { nextDeadline } from './state/deadlines.js'
import type { Effect, WarmOutcome } from './state/effect.js'
import type { Happening } from './state/fact.js'
import { figuresOf } from './state/figures.js'
import { inOrder } from './in-order.js'
import { createLessees } from './lease-holders.js'
import { emptyPool, membersOfAgent } from './state/pool-state.js'
import { isSameLoad, longestIdle, poolLoad, type PoolLoad } from './state/load.js'
import { listProcesses, type ProcessFilter } from './state/processes.js'
import type { Recipe } from './pool-spec.js'
import { recipeKey, recipeLane } from './pool-spec-key.js'
import { reducePool } from './reduce/reduce-pool.js'
import { ruleQuestion, type RecipeRule } from './policy.js'
import { createMembers } from './run-members.js'
import { createWarmers } from './warmers.js'

/** Live sessions that are reset between tasks. */
export type Pool = {
  /** The driver as it is, but that a spec with `pool` gets its session from the pool. */
  pooled(driver: Driver): Driver
  /** Returns the recipe's key, for `SessionSpec.pool`. What an older recipe of its lane has made ends with its task. */
  know(recipe: Recipe): string
  /** Resolves when a process waits for the next task. With `cache` it has run a turn first. Never rejects. */
  warm(key: string, options: { cache: boolean; signal: AbortSignal }): Promise<WarmOutcome>
  processes(filter?: ProcessFilter): readonly PooledProcess[]
  figures(agent: string, project: string): AgentFigures
  /** Ends every process of an agent, and resolves with their number when they are gone. */
  reset(agent: string, project: string): Promise<number>
  load(): PoolLoad
  /** Ends the process that has had nothing to do for longest; false when each has something. */
  retireLongestIdle(): boolean
  /** Ends all. Resolves when they are gone; nothing opens after it. */
  close(): Promise<void>
}

/** What a pool is made of. */
export type PoolOptions = {
  drivers: ReadonlyMap<string, Driver>
  clock: Clock
  /** Makes a UUID. */
  newId: () => string
  /** Resident memory of a process and its descendants in bytes; `undefined` when it cannot be told. */
  memoryOf: (pid: number) => number | undefined
  /** Whether a process may be started that nobody waits for yet: the one that is to follow another. */
  hasRoomToSpare: () => boolean
  /** What becomes of a call before a task, as in a prime. `ask` is no yes: nobody is there to be asked. */
  rule: RecipeRule
  /** Called after each change of `load()`. */
  onChange: () => void
  log: (line: string) => void
}

/** Puts a pool in front of drivers. */
export function createPool(options: PoolOptions): Pool {
  const { state, dispatch, members, lessees, warmers } = createShell(options)
  return {
    pooled: (driver) => ({
      ...driver,
      open: (spec, sink, signal) =>
        spec.pool === undefined ? driver.open(spec, sink, signal) : lessees.lease(spec.pool, sink, signal),
    }),
    know: (recipe) => {
      const key = recipeKey(recipe)
      dispatch({ type: 'recipe-known', key, lane: recipeLane(recipe), recipe })
      return key
    },
    warm: warmers.warm,
    processes: (filter) => listProcesses(state(), options.memoryOf, filter),
    figures: (agent, project) => figuresOf(state().figures, { agent, project }),
    reset: async (agent, project) => {
      const theirs = membersOfAgent(state(), { agent, project })
      dispatch({ type: 'agent-reset', agent, project })
      await members.gone(theirs.map(({ id }) => id))
      return theirs.length
    },
    load: () => poolLoad(state()),
    retireLongestIdle: () => {
      const memberIds = longestIdle(state()).map(({ id }) => id)
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

/** The shell around the reducer: the one place that holds changing state. */
function createShell(options: PoolOptions) {
  const { clock, newId, onChange, log } = options
  let state = emptyPool(options.drivers)
  const members = createMembers({
    ...options,
    rule: (memberId, request) => ruleQuestion(options.rule, state, { memberId, request }),
    dispatch,
  })
  const lessees = createLessees({ dispatch, newId })
  const warmers = createWarmers({ dispatch, newId })
  const effects = inOrder(run)
  const setAlarm = createAlarm(clock, () => dispatch({ type: 'time-passed' }))
  return { state: () => state, dispatch, members, lessees, warmers }

  function dispatch(happening: Happening): void {
    const before = state
    const [next, ...more] = reducePool(before, { ...happening, at: clock.now(), id: newId() })
    state = next
    effects.add(more)
    if (next !== before) {
      setAlarm(nextDeadline(next))
      // It may lead to facts at once; their effects come after those of this one.
      if (next.members !== before.members && !isSameLoad(poolLoad(before), poolLoad(next))) onChange()
    }
    effects.run()
  }

  function run(effect: Effect): void {
    if ('memberId' in effect) members.run(effect)
    else if ('leaseId' in effect) lessees.run(effect)
    else if (effect.type === 'answer-warm') warmers.run(effect)
    else log(effect.line)
  }
}
