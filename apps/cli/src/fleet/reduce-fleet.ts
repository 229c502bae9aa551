import type { FleetEffect, FleetFact, WorkerFact } from './fact.js'
import type { Member, RestartLimit, WorkerEntry } from './member.js'
import { adoptMember, bornMember, endMember, reduceMember, type Step } from './reduce-member.js'

/** The workers that a daemon keeps running. `going-down` has those that are still to end. */
export type Fleet =
  | { status: 'down' }
  | { status: 'up'; file: string; limit: RestartLimit; members: readonly Member[] }
  | { status: 'going-down'; members: readonly Member[] }

/** What a fleet becomes by a fact, and what is to be done. */
export function reduceFleet(fleet: Fleet, fact: FleetFact): readonly [Fleet, ...FleetEffect[]] {
  switch (fact.type) {
    case 'up-ordered': {
      const { file, limit } = fact
      return withMembers({ status: 'up', file, limit, members: [] }, stepsUp(membersOf(fleet), fact.entries))
    }
    case 'fleet-found': {
      const { file, limit, members, isHere } = fact
      const steps = members.map((member) => adoptMember(member, isHere))
      return withMembers({ status: 'up', file, limit, members: [] }, steps)
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

/** Its workers, in the order of the file. */
export function membersOf(fleet: Fleet): readonly Member[] {
  return fleet.status === 'down' ? [] : fleet.members
}

function stepsUp(members: readonly Member[], entries: readonly WorkerEntry[]): Step[] {
  const named = (entry: WorkerEntry) => members.find((member) => member.entry.name === entry.name)
  const gone = members.filter(({ entry }) => !entries.some(({ name }) => name === entry.name))
  return [
    ...entries.map((entry) => {
      const member = named(entry)
      return member ? bringUp(member, entry) : bornMember(entry)
    }),
    ...gone.map((member) => endMember(member, 'leave')),
  ]
}

/** What runs as it is to run is left alone; all else begins anew. */
function bringUp(member: Member, entry: WorkerEntry): Step {
  const { status } = member.life
  const isSame = JSON.stringify(member.entry) === JSON.stringify(entry)
  if (isSame && (status === 'running' || status === 'starting')) return [member]
  const fresh: Member = { entry, life: member.life, restarts: 0, recent: [] }
  return endMember(fresh, 'start')
}

/** One that is to leave does not come back with the next daemon. One that ends already is told again: it has less time now. */
function parked(member: Member): Step {
  const { life, entry } = member
  if (life.status !== 'ending') return endMember(member, 'park')
  const next: Member = { ...member, life: { ...life, then: life.then === 'leave' ? 'leave' : 'park' } }
  return life.process ? [next, { type: 'end', name: entry.name, process: life.process }] : [next]
}

function stepsOf(fleet: Exclude<Fleet, { status: 'down' }>, fact: WorkerFact): Step[] {
  const limit = fleet.status === 'up' ? fleet.limit : noRestart
  return fleet.members.map((member): Step =>
    member.entry.name === fact.name ? reduceMember(member, fact, limit) : [member],
  )
}

/** Of what goes down all is told to end already. */
const noRestart: RestartLimit = { max: 0, withinMs: 0 }

function withMembers(
  fleet: Exclude<Fleet, { status: 'down' }>,
  steps: readonly Step[],
): readonly [Fleet, ...FleetEffect[]] {
  const members = steps.flatMap(([member]) => (member ? [member] : []))
  const effects = steps.flatMap(([, ...each]) => each)
  if (fleet.status === 'going-down' && members.length === 0) return [{ status: 'down' }, ...effects]
  return [{ ...fleet, members }, ...effects]
}
