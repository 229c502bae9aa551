import type { CloseMode, SessionCommand, SessionEvent } from '@subagent-mcp/contract'
import { refuse } from './answer-question.js'
import { settleMs } from '../state/deadlines.js'
import { buryMember, endMember } from './end-member.js'
import type { MemberFact } from '../state/fact.js'
import { retired } from '../state/failures.js'
import { addFigures } from '../state/figures.js'
import { forget } from './reset-member.js'
import { countInGeneration } from '../state/generations.js'
import type { Leased, Member } from '../state/member.js'
import { put, recipeOf, type PoolState } from '../state/pool-state.js'
import { rest } from './recycle.js'
import { andThen, type Step } from '../state/step.js'

/** What a member says while it is somebody's. */
export function whileLeased(state: PoolState, member: Member, phase: Leased, fact: MemberFact): Step {
  if (fact.type !== 'member-said') return [state]
  const { event } = fact
  switch (event.type) {
    case 'session-closed':
      return buryMember(state, member, event.failure)
    case 'turn-ended':
      return event.turnId === phase.running
        ? onTurnEnded(state, member, phase, { event, at: fact.at })
        : [state]
    case 'usage-reported':
      return phase.turns.includes(event.turnId) ? tell(state, phase, event) : [state]
    case 'approval-requested':
      return phase.settling === undefined ? tell(state, phase, event) : refuse(state, member, event.requestId)
    default:
      return tell(state, phase, event)
  }
}

/** The lessee tells its session something. */
export function onCommand(state: PoolState, member: Member, phase: Leased, command: SessionCommand): Step {
  if (phase.settling !== undefined) return [state]
  return [
    put(state, { ...member, phase: noteCommand(phase, command) }),
    { type: 'send', memberId: member.id, command },
  ]
}

/** The lessee is done with it: nothing reaches the lessee any more but the end. */
export function onLeaseClosed(
  state: PoolState,
  member: Member,
  phase: Leased,
  { mode, at }: { mode: CloseMode; at: number },
): Step {
  const left: Leased = { ...phase, settling: phase.settling ?? at + settleMs }
  const leaving = { ...member, phase: left }
  if (mode === 'kill') return endMember(state, leaving, { mode, why: retired })
  if (phase.settling !== undefined) return [state]
  if (phase.running === undefined) return release(state, leaving, left, at)
  return [put(state, leaving), { type: 'send', memberId: member.id, command: { type: 'interrupt' } }]
}

function noteCommand(phase: Leased, command: SessionCommand): Leased {
  switch (command.type) {
    case 'prompt':
      return { ...phase, turns: [...phase.turns, command.turnId], running: command.turnId }
    case 'steer':
      return { ...phase, steered: true }
    case 'answer':
    case 'interrupt':
      return phase
    default:
      return { ...phase, spoiled: true }
  }
}

function tell(state: PoolState, { leaseId, settling }: Leased, event: SessionEvent): Step {
  return settling === undefined ? [state, { type: 'tell', leaseId, event }] : [state]
}

function onTurnEnded(
  before: PoolState,
  member: Member,
  phase: Leased,
  { event, at }: { event: SessionEvent; at: number },
): Step {
  const ended: Leased = { ...phase, running: undefined }
  const counted = { ...member, tasks: member.tasks + 1, phase: ended }
  const figures = addFigures(before.figures, recipeOf(before, member), { tasks: 1 })
  const state = put(countInGeneration({ ...before, figures }, member), counted)
  return phase.settling === undefined ? tell(state, ended, event) : release(state, counted, ended, at)
}

/** Nothing runs in it any more: it forgets, and its lessee is told once it has. */
function release(state: PoolState, member: Member, phase: Leased, at: number): Step {
  const { leaseId, turns, steered, spoiled } = phase
  if (spoiled || recipeOf(state, member).replaced)
    return endMember(state, member, { mode: 'graceful', why: retired })
  if (turns.length === 0) {
    const end = { type: 'end-lease', leaseId, event: { type: 'session-closed' } } as const
    return andThen(rest(state, member, at), (next) => [next, end])
  }
  const [first] = turns
  const only = turns.length === 1 && !steered ? first : undefined
  return forget(state, member, { only, after: { type: 'lease', leaseId }, at })
}
