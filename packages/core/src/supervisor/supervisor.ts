import {
  systemClock,
  type Clock,
  type Driver,
  type PermissionPreset,
  type SessionSpec,
} from '@subagent-mcp/contract'
import { defaultTable, type RoutingTable } from '@subagent-mcp/routing'
import { randomBytes, randomUUID } from 'node:crypto'
import { adoptHistory } from '../journal/adopt-history.js'
import { createAudience, type Audience } from '../questions/user-prompts.js'
import type { Effect } from '../state/effect.js'
import type { Fact } from '../state/fact.js'
import { createFactWriter, type FactJournal } from '../journal/fact-writer.js'
import { emptyFleet, type Fleet } from '../state/agents-state.js'
import { createJudge } from '../questions/judge.js'
import { unlimited, type Limits } from '../capacity/limits.js'
import { fleetLoad, noLoad, type Load, type Machine } from '../capacity/load.js'
import { createMemoryJournal } from '../journal/memory-journal.js'
import { changesPhase, reduceFleet } from '../state/reduce-agents.js'
import { atMostEvery } from './at-most-every.js'
import { hasExpired } from '../agent/turn-clock.js'
import { isExpired } from '../questions/questions.js'
import { createRule } from '../questions/rule-question.js'
import type { Judge } from '../questions/ruling.js'
import { createEffectRunner, type PoolPort } from './run-effects.js'
import { newsOf } from '../requests/wait-outcome.js'

/** The life of all agents: facts go in, everybody reads the state. */
export type Supervisor = {
  /** The state as it is now. It is replaced, never changed. */
  fleet(): Fleet
  /** @throws SubagentError `io-failed` for an order that cannot be journaled: then it has not happened. */
  dispatch(fact: Fact): void
  /** Takes over the agents of supervisors that are dead, from their facts; those that were open are recovered. */
  adopt(history: Iterable<Fact>): void
  /** Looks at the machine, as what there is room for depends on it. */
  measure(): void
  /** Writes what is only in memory yet: text that is being written. */
  flush(): void
  /**
   * Calls `listener` after every fact, with its number where it was journaled, until the returned function is
   * called. It must neither throw nor dispatch.
   */
  subscribe(listener: FactListener): () => void
  /** Lets the user of a caller be asked, until the returned function is called. */
  attend: Audience['attend']
  judge: Judge
  /** Of launches that do not say. */
  usualPermissions: PermissionPreset
  /** What becomes of questions that nobody answers in time; by default they stay open where a person launched the agent. */
  unanswered?: 'park' | 'deny'
  drivers: ReadonlyMap<string, Driver>
  environmentOf: (caller: string) => SessionSpec['environment']
  /** The table that holds in a project, as it is now. @throws SubagentError `config-invalid` */
  routingOf: (project: string) => RoutingTable
  clock: Clock
  ids: Ids
}

/** Hears of every fact. `seq` is its number in the journal, for those that are durable. */
export type FactListener = (fact: Fact, seq: number | undefined) => void

/** Where ids come from. */
export type Ids = {
  /** Short, for models to repeat. */
  agent(): string
  /** A UUID. */
  message(): string
}

/** What a supervisor asks of the machine, and tells the other supervisors on it. */
export type MachinePort = { measure(): Machine; publish(load: Load): void }

/** The parts of a supervisor. Only the drivers are required; each other part has a default. */
export type SupervisorOptions = {
  /** One driver for each provider. */
  drivers: readonly Driver[]
  /** Provides the environment for the sessions of a caller's agents. Default: the environment of this process. */
  environmentOf?: Supervisor['environmentOf']
  /** Default: the table of `@subagent-mcp/routing` for every project. */
  routingOf?: Supervisor['routingOf']
  /** Default: the system's clock. */
  clock?: Clock
  /** Default: random ids. */
  ids?: Ids
  /** Default: checks calls against the authority of their agents and the files on disk. */
  judge?: Judge
  /** The permissions of launches that set none. Default: `ask`. */
  usualPermissions?: PermissionPreset
  unanswered?: Supervisor['unanswered']
  /** Limits that are left out are infinite; only hosts may launch. */
  limits?: Partial<Limits>
  /** Default: a journal in memory. */
  journal?: FactJournal
  /** Default: the free memory of this machine, on which no other supervisor runs. */
  machine?: MachinePort
  pool?: PoolPort
}

/** Creates the shell around the reducer: the one place that holds changing state. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { limits, journal, machine, pool, ...given } = withDefaults(options)
  const { drivers, environmentOf, clock, judge } = given
  let fleet = emptyFleet(limits, sharedProviders(drivers))
  const listeners = new Set<FactListener>()
  const writer = createFactWriter({ journal, clock })
  const audience = createAudience({ clock, dispatch, fleet: () => fleet })
  const rule = createRule({ clock, fleet: () => fleet, judge, limits, audience })
  const runInOrder = inOrder(
    createEffectRunner({ drivers, environmentOf, clock, pool, dispatch, measure, audience, rule }),
  )

  function dispatch(fact: Fact): void {
    if (isStale(fleet, fact)) return
    const before = fleet
    const [next, ...effects] = reduceFleet(before, fact)
    const seq = writer.write(fact, before, next)
    fleet = next
    if (changesPhase(before, next, fact) || fact.type === 'pool-changed') publishLater()
    // Before the effects: what they lead to at once is heard after what led to it.
    for (const listener of listeners) listener(fact, seq)
    runInOrder(effects)
  }

  const publishLater = atMostEvery(publishAfter, clock, () => machine.publish(fleetLoad(fleet, clock.now())))

  function measure(): void {
    dispatch({ type: 'machine-measured', at: clock.now(), machine: machine.measure() })
  }

  return {
    ...given,
    attend: audience.attend,
    dispatch,
    measure,
    flush: writer.flush,
    fleet: () => fleet,
    adopt: (history) => {
      const { adopted, openIds } = adoptHistory(fleet, history)
      fleet = adopted
      for (const agentId of openIds) dispatch({ type: 'recovered', at: clock.now(), agentId })
      const received = openIds.filter((id) => isReceivedTask(fleet, id))
      if (received.length > 0) dispatch({ type: 'agents-pruned', at: clock.now(), agentIds: received })
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

type Defaulted = 'drivers' | 'environmentOf' | 'routingOf' | 'clock' | 'ids' | 'judge' | 'usualPermissions'
type Parts = Pick<Supervisor, Defaulted | 'unanswered'> & {
  limits: Limits
  journal: FactJournal
  machine: MachinePort
  pool: PoolPort | undefined
}

function withDefaults({ drivers, limits, unanswered, pool, ...options }: SupervisorOptions): Parts {
  return {
    drivers: new Map(drivers.map((driver) => [driver.id, driver])),
    environmentOf: options.environmentOf ?? (() => process.env),
    routingOf: options.routingOf ?? defaultTable,
    clock: options.clock ?? systemClock,
    ids: options.ids ?? { agent: randomAgentId, message: randomUUID },
    judge: options.judge ?? createJudge(),
    usualPermissions: options.usualPermissions ?? 'ask',
    ...(unanswered && { unanswered }),
    pool,
    limits: { ...unlimited, ...limits },
    journal: options.journal ?? createMemoryJournal(),
    machine: options.machine ?? {
      measure: () => ({ freeMemory: process.availableMemory(), others: noLoad }),
      publish: () => undefined,
    },
  }
}

/** Returns four letters and digits, without those that models mix up. */
export function randomAgentId(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  return [...randomBytes(4)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('')
}

/** Whether a task is one that was about to be forgotten: nobody can be told more of it. */
function isReceivedTask(fleet: Fleet, id: string): boolean {
  const agent = fleet.agents.get(id)
  return agent?.profile.pool !== undefined && newsOf(fleet, agent.profile.caller, agent).reports.length === 0
}

function sharedProviders(drivers: Supervisor['drivers']): ReadonlySet<string> {
  return new Set([...drivers.values()].flatMap(({ id, sharesProcess }) => (sharesProcess ? [id] : [])))
}

/** How old what the other supervisors know of us may be, in milliseconds. */
const publishAfter = 50

/** Of an agent that was forgotten, or a reminder of a silence that has been broken: nothing to keep or to reduce. */
function isStale({ agents }: Fleet, fact: Fact): boolean {
  if (!('agentId' in fact)) return false
  const phase = agents.get(fact.agentId)?.phase
  if (phase === undefined) return true
  if (fact.type === 'question-expired') return !isExpired(phase, fact)
  if (fact.type === 'turn-expired') return phase.status !== 'working' || !hasExpired(phase.turn, fact)
  return (
    fact.type === 'idle-expired' && (phase.status !== 'idle' || phase.since !== (fact.since ?? phase.since))
  )
}

/** An effect may dispatch at once; what follows from that waits its turn behind the effects before it. */
function inOrder(run: (effect: Effect) => void): (effects: readonly Effect[]) => void {
  const waiting: Effect[] = []
  let running = false
  return (effects) => {
    waiting.push(...effects)
    if (running) return
    running = true
    try {
      for (let effect = waiting.shift(); effect; effect = waiting.shift()) run(effect)
    } finally {
      running = false
    }
  }
}
