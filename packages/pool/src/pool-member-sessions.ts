import {
  type ApprovalRequest,
  type Clock,
  omitUndefined,
  type Driver,
  type SessionEventSink,
  type SessionOpenOutcome,
  type DriverSession,
} from '@subagent-mcp/contract'
import type { PoolMemberEffect } from './state/pool-effect.js'
import type { UnstampedPoolFact } from './state/pool-fact.js'
import { noRoomToWarmFailure } from './state/pool-failures.js'
import type { PoolPolicyDecision } from './pool-policy.js'

export type PoolMemberSessionsOptions = {
  drivers: ReadonlyMap<string, Driver>
  clock: Clock
  memoryOf: (pid: number) => number | undefined
  hasRoomToSpare: () => boolean
  /** Asks the pool's policy about a call outside of a task. Returns `undefined` during a lease. */
  policy: (memberId: number, request: ApprovalRequest) => PoolPolicyDecision | undefined
  dispatch: (fact: UnstampedPoolFact) => void
}

export type PoolMemberSessions = {
  run(effect: PoolMemberEffect): void
  gone(memberIds: readonly number[]): Promise<void>
}

/** Creates the sessions of pool members: runs effects on them, and turns their events into facts. */
export function createPoolMemberSessions(options: PoolMemberSessionsOptions): PoolMemberSessions {
  const records = new Map<number, MemberRecord>()
  return {
    gone: async (memberIds) => {
      await Promise.all(memberIds.map((memberId) => records.get(memberId)?.gone ?? Promise.resolve()))
    },
    run: (effect) => {
      const { memberId } = effect
      const record = records.get(memberId)
      switch (effect.type) {
        case 'open': {
          const opening = newRecord()
          records.set(memberId, opening)
          void openMember(options, opening, effect)
          return
        }
        case 'send':
          record?.session?.send(effect.command)
          return
        case 'close':
          void closeMember(options, record, effect)
          return
        case 'forget':
          records.delete(memberId)
          record?.forget()
      }
    },
  }
}

type MemberRecord = {
  opening: AbortController
  session?: DriverSession
  pid?: number | undefined
  measuredAt?: number
  gone: Promise<void>
  forget: () => void
}

function newRecord(): MemberRecord {
  let forget = (): void => undefined
  const gone = new Promise<void>((resolve) => (forget = resolve))
  return { opening: new AbortController(), gone, forget: () => forget() }
}

async function openMember(
  options: PoolMemberSessionsOptions,
  record: MemberRecord,
  effect: PoolMemberEffect & { type: 'open' },
): Promise<void> {
  const { dispatch, policy } = options
  const { memberId } = effect
  const sink: SessionEventSink = (event) => {
    const memory = event.type === 'conversation-reset' ? measure(options, record) : undefined
    const ruling = event.type === 'approval-requested' ? policy(memberId, event) : undefined
    const known = { ...omitUndefined({ memory }), ...(ruling && { ruling }) }
    dispatch({ type: 'member-said', memberId, event, ...known })
  }
  const outcome = await tryToOpen(options, effect, { sink, signal: record.opening.signal })
  if (outcome.type === 'failed') {
    dispatch({ type: 'member-open-failed', memberId, failure: outcome.failure })
    return
  }
  const { session, pid, notes } = outcome
  record.session = session
  record.pid = pid
  dispatch({ type: 'member-opened', memberId, ...omitUndefined({ pid }), ...(notes && { notes }) })
}

/** Measures a process's memory, at most once a second, because that looks at all processes of the machine. */
function measure({ clock, memoryOf }: PoolMemberSessionsOptions, record: MemberRecord): number | undefined {
  const { pid, measuredAt = -Infinity } = record
  if (pid === undefined || clock.now() - measuredAt < measureEvery) return undefined
  record.measuredAt = clock.now()
  return memoryOf(pid)
}

const measureEvery = 1_000

/** Opens a session. A driver promises not to throw; one that does must not leave a task waiting forever. */
async function tryToOpen(
  { drivers, hasRoomToSpare }: PoolMemberSessionsOptions,
  { provider, spec, spare }: PoolMemberEffect & { type: 'open' },
  { sink, signal }: { sink: SessionEventSink; signal: AbortSignal },
): Promise<SessionOpenOutcome> {
  if (spare && !hasRoomToSpare()) return { type: 'failed', failure: noRoomToWarmFailure }
  try {
    const driver = drivers.get(provider)
    if (driver) return await driver.open(spec, sink, signal)
    return {
      type: 'failed',
      failure: { reason: 'not-installed', message: `there is no provider ${provider}` },
    }
  } catch (cause) {
    return {
      type: 'failed',
      failure: { reason: 'unknown', message: `the driver failed to open: ${String(cause)}` },
    }
  }
}

async function closeMember(
  { dispatch }: PoolMemberSessionsOptions,
  record: MemberRecord | undefined,
  { memberId, mode }: PoolMemberEffect & { type: 'close' },
): Promise<void> {
  if (!record?.session) {
    record?.opening.abort()
    return
  }
  await record.session.close(mode)
  dispatch({ type: 'member-gone', memberId })
}
