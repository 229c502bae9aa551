import type { FleetEffect, FleetFact, WorkerFact } from './fact.js'
import type { FleetMember, RestartLimit, WorkerEntry } from './member.js'
import { adoptMember, bornMember, endMember, reduceMember, type MemberStep } from './reduce-member.js'

/**
 * The workers that a daemon keeps running. `going-down`: the fleet is being stopped, and `members` are the workers that still run.
 * `keys`: the names of the API keys in the environment of the last `fleet up`.
 */
export type FleetState =
  | { status: 'down' }
  | {
      status: 'up'
      file: string
      limit: RestartLimit
      keys: readonly string[]
      members: readonly FleetMember[]
    }
  | { status: 'going-down'; members: readonly FleetMember[] }

/** Returns the fleet after a fact, and the actions to run. */
export function reduceFleet(fleet: FleetState, fact: FleetFact): readonly [FleetState, ...FleetEffect[]] {
  switch (fact.type) {
    case 'up-ordered': {
      const { file, limit, keys } = fact
      return withMembers({ status: 'up', file, limit, keys, members: [] }, stepsUp(membersOf(fleet), fact))
    }
    case 'fleet-found': {
      const { file, limit, keys, members, isHere } = fact
      const steps = members.map((member) => adoptMember(member, isHere))
      return withMembers({ status: 'up', file, limit, keys, members: [] }, steps)
    }
    case 'down-ordered': {
      const steps = membersOf(fleet).map((member) => endMember(member, 'leave'))
      return withMembers({ status: 'going-down', members: [] }, steps)
    }
    case 'daemon-stopping':
      if (fleet.status === 'down') return [fleet]
      return withMembers(fleet, fleet.members.map(parked))
    default:
      return fleet.status === 'down' ? [fleet] : withMembers(fleet, stepsOf(fleet, fact))
  }
}

/** The workers of a fleet, in the order of its file. */
export function membersOf(fleet: FleetState): readonly FleetMember[] {
  return fleet.status === 'down' ? [] : fleet.members
}

/** The API keys of the last `fleet up` that a worker's process does not have. */
export function lackedKeys({ life }: FleetMember, fleet: FleetState): readonly string[] {
  if (fleet.status !== 'up' || life.status !== 'running' || life.keys === undefined) return []
  const { keys } = life
  return fleet.keys.filter((name) => !keys.includes(name))
}

type UpOrder = { entries: readonly WorkerEntry[]; keys: readonly string[] }

function stepsUp(members: readonly FleetMember[], { entries, keys }: UpOrder): MemberStep[] {
  const named = (entry: WorkerEntry) => members.find((member) => member.entry.name === entry.name)
  const gone = members.filter(({ entry }) => !entries.some(({ name }) => name === entry.name))
  return [
    ...entries.map((entry) => {
      const member = named(entry)
      return member ? bringUp(member, entry, keys) : bornMember(entry)
    }),
    ...gone.map((member) => endMember(member, 'leave')),
  ]
}

/** Starts or restarts a worker, unless it already runs with this entry and has these API keys. */
function bringUp(member: FleetMember, entry: WorkerEntry, keys: readonly string[]): MemberStep {
  const { life } = member
  const isSame = JSON.stringify(member.entry) === JSON.stringify(entry)
  // The environment of a starting worker is not known yet.
  const its = life.status === 'running' ? (life.keys ?? []) : []
  const isUp = life.status === 'running' || life.status === 'starting'
  if (isSame && isUp && keys.every((name) => its.includes(name))) return [member]
  const fresh: FleetMember = { entry, life: member.life, restarts: 0, recent: [] }
  return endMember(fresh, 'start')
}

/**
 * Stops a worker until the next daemon. A worker that was removed from the fleet file is not started again. A worker that is already
 * ending is asked again, because it now has less time.
 */
function parked(member: FleetMember): MemberStep {
  const { life, entry } = member
  if (life.status !== 'ending') return endMember(member, 'park')
  const next: FleetMember = { ...member, life: { ...life, then: life.then === 'leave' ? 'leave' : 'park' } }
  return life.process ? [next, { type: 'end', name: entry.name, process: life.process }] : [next]
}

function stepsOf(fleet: Exclude<FleetState, { status: 'down' }>, fact: WorkerFact): MemberStep[] {
  const limit = fleet.status === 'up' ? fleet.limit : noRestart
  return fleet.members.map((member): MemberStep =>
    member.entry.name === fact.name ? reduceMember(member, fact, limit) : [member],
  )
}

/** The limit while a fleet is being stopped: all workers were asked to end, and none is restarted. */
const noRestart: RestartLimit = { max: 0, withinMs: 0 }

function withMembers(
  fleet: Exclude<FleetState, { status: 'down' }>,
  steps: readonly MemberStep[],
): readonly [FleetState, ...FleetEffect[]] {
  const members = steps.flatMap(([member]) => (member ? [member] : []))
  const effects = steps.flatMap(([, ...each]) => each)
  if (fleet.status === 'going-down' && members.length === 0) return [{ status: 'down' }, ...effects]
  return [{ ...fleet, members }, ...effects]
}
