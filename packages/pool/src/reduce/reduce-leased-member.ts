import type { SessionCloseMode, SessionCommand, SessionEvent } from '@subagent-mcp/contract'
import { denyUnaskableCall } from './answer-question.js'
import { poolInterruptLimitMs } from '../state/pool-deadlines.js'
import { removeGonePoolMember, endPoolMember } from './end-pool-member.js'
import type { PoolMemberFact } from '../state/pool-fact.js'
import { poolRetiredFailure } from '../state/pool-failures.js'
import { addPoolUsage } from '../state/pool-usage.js'
import { resetPoolMember } from './reset-pool-member.js'
import { countTaskOfProcess } from '../state/process-generations.js'
import type { MemberLeasedPhase, PoolMember } from '../state/pool-member.js'
import { storePoolMember, getMemberPoolSpec, type PoolState } from '../state/pool-state.js'
import { makeMemberIdle } from './idle-members.js'
import { applyNextPoolStep, type PoolStep } from '../state/pool-step.js'

export function reduceLeasedMember(
  state: PoolState,
  member: PoolMember,
  phase: MemberLeasedPhase,
  fact: PoolMemberFact,
): PoolStep {
  if (fact.type !== 'member-said') return [state]
  const { event } = fact
  switch (event.type) {
    case 'session-closed':
      return removeGonePoolMember(state, member, event.failure)
    case 'turn-ended':
      return event.turnId === phase.running
        ? onTurnEnded(state, member, phase, { event, at: fact.at })
        : [state]
    case 'usage-advanced':
    case 'usage-reported':
      return phase.turns.includes(event.turnId) ? passEvent(state, phase, event) : [state]
    case 'approval-requested':
      return phase.settleBy === undefined
        ? passEvent(state, phase, event)
        : denyUnaskableCall(state, member, event.requestId)
    default:
      return passEvent(state, phase, event)
  }
}

export function onLeasedMemberCommand(
  state: PoolState,
  member: PoolMember,
  phase: MemberLeasedPhase,
  command: SessionCommand,
): PoolStep {
  if (phase.settleBy !== undefined) return [state]
  return [
    storePoolMember(state, { ...member, phase: noteCommand(phase, command) }),
    { type: 'send', memberId: member.id, command },
  ]
}

/** Handles the lease holder's close: interrupts the turn. The holder then gets only the closing event. */
export function onPoolLeaseClosed(
  state: PoolState,
  member: PoolMember,
  phase: MemberLeasedPhase,
  { mode, at }: { mode: SessionCloseMode; at: number },
): PoolStep {
  const left: MemberLeasedPhase = { ...phase, settleBy: phase.settleBy ?? at + poolInterruptLimitMs }
  const leaving = { ...member, phase: left }
  if (mode === 'kill') return endPoolMember(state, leaving, { mode, why: poolRetiredFailure })
  if (phase.settleBy !== undefined) return [state]
  if (phase.running === undefined) return releaseMember(state, leaving, left, at)
  return [
    storePoolMember(state, leaving),
    { type: 'send', memberId: member.id, command: { type: 'interrupt' } },
  ]
}

function noteCommand(phase: MemberLeasedPhase, command: SessionCommand): MemberLeasedPhase {
  switch (command.type) {
    case 'prompt':
      return { ...phase, turns: [...phase.turns, command.turnId], running: command.turnId }
    case 'steer':
      return { ...phase, steered: true }
    case 'answer':
    case 'interrupt':
      return phase
    default:
      return { ...phase, changed: true }
  }
}

function passEvent(
  state: PoolState,
  { leaseId, settleBy }: MemberLeasedPhase,
  event: SessionEvent,
): PoolStep {
  return settleBy === undefined ? [state, { type: 'tell', leaseId, event }] : [state]
}

function onTurnEnded(
  before: PoolState,
  member: PoolMember,
  phase: MemberLeasedPhase,
  { event, at }: { event: SessionEvent; at: number },
): PoolStep {
  const ended: MemberLeasedPhase = { ...phase, running: undefined }
  const counted = { ...member, tasks: member.tasks + 1, phase: ended }
  const figures = addPoolUsage(before.figures, getMemberPoolSpec(before, member), { tasks: 1 })
  const state = storePoolMember(countTaskOfProcess({ ...before, figures }, member), counted)
  return phase.settleBy === undefined
    ? passEvent(state, ended, event)
    : releaseMember(state, counted, ended, at)
}

/** Resets the pool member after its task. Its lease holder gets the closing event when the reset is done. */
function releaseMember(state: PoolState, member: PoolMember, phase: MemberLeasedPhase, at: number): PoolStep {
  const { leaseId, turns, steered, changed } = phase
  if (changed || getMemberPoolSpec(state, member).replaced)
    return endPoolMember(state, member, { mode: 'graceful', why: poolRetiredFailure })
  if (turns.length === 0) {
    const end = { type: 'end-lease', leaseId, event: { type: 'session-closed' } } as const
    return applyNextPoolStep(makeMemberIdle(state, member, at), (next) => [next, end])
  }
  const [first] = turns
  const onlyTurnId = turns.length === 1 && !steered ? first : undefined
  return resetPoolMember(state, member, { onlyTurnId, after: { type: 'lease', leaseId }, at })
}
