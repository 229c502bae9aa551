import type { FleetEffect, WorkerEnded, WorkerFact } from './fact.js'
import type { MemberLife, FleetMember, RestartLimit, WorkerEntry } from './member.js'

/** A worker after a fact, and the actions to run. The worker is undefined if it has left the fleet. */
export type MemberStep = readonly [FleetMember | undefined, ...FleetEffect[]]

/** Creates a worker and starts it. */
export function bornMember(entry: WorkerEntry): MemberStep {
  return [
    { entry, life: { status: 'starting' }, restarts: 0, recent: [] },
    { type: 'start', entry },
  ]
}

/** Applies a fact to a worker. A fact that comes too late changes nothing. */
export function reduceMember(member: FleetMember, fact: WorkerFact, limit: RestartLimit): MemberStep {
  switch (fact.type) {
    case 'worker-started':
      return whenStarted(member, fact)
    case 'start-failed':
      if (member.life.status === 'starting') return restart(member, { ...fact, why: fact.error }, limit)
      return isUnstarted(member.life) ? whenEnded(member, fact.at) : [member]
    case 'worker-ended':
      return isItsProcess(member.life, fact) ? whenOver(member, fact, limit) : [member]
    case 'pause-ended':
      return member.life.status === 'restarting' && member.life.due === fact.due ? start(member) : [member]
  }
}

/**
 * Ends a worker's process, if it has one. `then`: the next step, which is a new start, a stop until the next daemon, or the
 * removal.
 */
export function endMember(member: FleetMember, then: 'start' | 'park' | 'leave'): MemberStep {
  const { life, entry } = member
  switch (life.status) {
    case 'starting':
      return [{ ...member, life: { status: 'ending', then } }]
    case 'running': {
      const { process } = life
      return [
        { ...member, life: { status: 'ending', process, then } },
        { type: 'end', name: entry.name, process },
      ]
    }
    case 'ending':
      return [{ ...member, life: { ...life, then } }]
    case 'stopped':
    case 'given-up':
      // A worker that was stopped or given up is not started by the next daemon.
      return then === 'park' ? [member] : afterEnd(member, then)
    case 'restarting':
    case 'parked':
      return afterEnd(member, then)
  }
}

/** Takes over a worker of an earlier daemon. */
export function adoptMember(member: FleetMember, isHere: boolean): MemberStep {
  const { life, entry } = member
  const { name } = entry
  switch (life.status) {
    case 'running':
      return isHere ? [member, { type: 'watch', name, process: life.process }] : start(member)
    case 'ending': {
      const then = life.then === 'park' ? 'start' : life.then
      if (!isHere || !life.process) return afterEnd(member, then)
      const next: MemberLife = { ...life, then }
      return [
        { ...member, life: next },
        { type: 'end', name, process: life.process },
      ]
    }
    case 'starting':
    case 'restarting':
    case 'parked':
      return start(member)
    case 'stopped':
    case 'given-up':
      return [member]
  }
}

function whenStarted(member: FleetMember, fact: Extract<WorkerFact, { type: 'worker-started' }>): MemberStep {
  const { life, entry } = member
  const { process, keys, at } = fact
  if (life.status === 'starting')
    return [{ ...member, life: { status: 'running', process, since: at, keys } }]
  if (!isUnstarted(life)) return [member]
  return [
    { ...member, life: { ...life, process } },
    { type: 'end', name: entry.name, process },
  ]
}

function whenOver(member: FleetMember, fact: WorkerEnded, limit: RestartLimit): MemberStep {
  if (member.life.status === 'ending') return whenEnded(member, fact.at)
  // A worker exits with 0 only if somebody asked it to end.
  if (fact.code === 0) return [{ ...member, life: { status: 'stopped', since: fact.at } }]
  return restart(member, { at: fact.at, why: whyEnded(fact) }, limit)
}

/** Returns the next state of a worker whose process has ended on request. */
function whenEnded(member: FleetMember, at: number): MemberStep {
  return member.life.status === 'ending'
    ? afterEnd(member, member.life.then)
    : [{ ...member, life: { status: 'stopped', since: at } }]
}

function afterEnd(member: FleetMember, then: 'start' | 'park' | 'leave'): MemberStep {
  if (then === 'leave') return [undefined]
  return then === 'park' ? [{ ...member, life: { status: 'parked' } }] : start(member)
}

function start(member: FleetMember): MemberStep {
  return [
    { ...member, life: { status: 'starting' } },
    { type: 'start', entry: member.entry },
  ]
}

/** Plans a restart after a pause that doubles each time, or gives the worker up if it has failed too often. */
function restart(
  member: FleetMember,
  { at, why }: { at: number; why: string },
  limit: RestartLimit,
): MemberStep {
  const recent = member.recent.filter((time) => time > at - limit.withinMs)
  if (recent.length >= limit.max) {
    const minutes = Math.round(limit.withinMs / 6_000) / 10
    const lastError = `${why} (restarted ${recent.length} times within ${minutes} min)`
    return [{ ...member, recent, lastError, life: { status: 'given-up', since: at } }]
  }
  const due = at + Math.min(1_000 * 2 ** recent.length, longestPause)
  const next: FleetMember = {
    ...member,
    life: { status: 'restarting', due },
    restarts: member.restarts + 1,
    recent: [...recent, at],
    lastError: why,
  }
  return [next, { type: 'pause', name: member.entry.name, due }]
}

const longestPause = 60_000

function whyEnded({ code, signal, lastLine }: WorkerEnded): string {
  const end = signal ?? (code === undefined ? 'ended without a word' : `exit code ${code}`)
  return lastLine === '' ? end : `${end}: ${lastLine}`
}

/** Whether a worker was asked to end before its process was known. */
function isUnstarted(life: MemberLife): life is Extract<MemberLife, { status: 'ending' }> {
  return life.status === 'ending' && life.process === undefined
}

function isItsProcess(life: MemberLife, { process }: WorkerEnded): boolean {
  return (
    (life.status === 'running' || life.status === 'ending') &&
    life.process?.pid === process.pid &&
    life.process.startTime === process.startTime
  )
}
