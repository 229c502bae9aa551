import type { Clock, Driver, SessionSpec } from '@subagent-mcp/contract'
import type { RoutingTable } from '@subagent-mcp/routing'
import type { Effect } from './effect.js'
import type { Fact } from './fact.js'
import { emptyFleet, type Fleet } from './fleet.js'
import { reduceFleet } from './reduce-fleet.js'
import { createEffectRunner } from './run-effects.js'

/** The life of all agents: facts go in, everybody reads the state. */
export type Supervisor = {
  /** The state as it is now. It is replaced, never changed. */
  fleet(): Fleet
  dispatch(fact: Fact): void
  /**
   * Calls `listener` after every fact, the newest first: an old wait may be that of a host which gave up without
   * a word, and must not take what the newest waits for. Until the returned function is called. It must not throw.
   */
  subscribe(listener: (fact: Fact) => void): () => void
  drivers: ReadonlyMap<string, Driver>
  environmentOf: (caller: string) => SessionSpec['environment']
  /** The table that holds in a project, as it is now. @throws SubagentError `config-invalid` */
  routingOf: (project: string) => RoutingTable
  clock: Clock
  ids: Ids
}

/** Where ids come from. */
export type Ids = {
  /** Short, for models to repeat. */
  agent(): string
  /** A UUID. */
  message(): string
}

/** What a supervisor is made of: the concrete parts, passed in. */
export type SupervisorOptions = Pick<Supervisor, 'drivers' | 'environmentOf' | 'routingOf' | 'clock' | 'ids'>

/** The shell around the reducer: the one place that holds changing state. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  let fleet = emptyFleet
  const listeners = new Set<(fact: Fact) => void>()
  const runEffect = createEffectRunner({ ...options, now: options.clock.now, dispatch })
  const runInOrder = inOrder(runEffect)

  function dispatch(fact: Fact): void {
    const [next, ...effects] = reduceFleet(fleet, fact)
    fleet = next
    runInOrder(effects)
    for (const listener of [...listeners].reverse()) if (listeners.has(listener)) listener(fact)
  }

  return {
    ...options,
    dispatch,
    fleet: () => fleet,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** An effect may dispatch at once; what follows from that waits its turn behind the effects before it. */
function inOrder(run: (effect: Effect) => void): (effects: readonly Effect[]) => void {
  const waiting: Effect[] = []
  let running = false
  return (effects) => {
    waiting.push(...effects)
    if (running) return
    running = true
    for (let effect = waiting.shift(); effect; effect = waiting.shift()) run(effect)
    running = false
  }
}
