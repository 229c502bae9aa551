import { SubagentError, type ErrorCode } from '@subagent-mcp/contract'
import type { AttendanceBody } from '@subagent-mcp/api'
import type { DaemonClient } from '@subagent-mcp/client'
import { inTime } from './in-time.js'

/** That a worker is there: at which daemon, and as which instance of it. */
export type WorkerPresence = { client: DaemonClient; instance: string }

/** An attendance that is made anew where it has ended, as with a daemon that was restarted. */
export type KeptAttendance = {
  /**
   * @throws SubagentError `daemon-unreachable` and `mailbox-unreachable`, and what is no use trying again: another
   * worker has the folder, another project the name
   */
  present(): Promise<WorkerPresence>
  /** Whether it holds still. */
  isNow(presence: WorkerPresence): boolean
  /** For good: the daemon then ends the agents of this worker. */
  leave(): void
}

export type AttendanceParts = {
  /** Starts a daemon where none is. */
  reach(): Promise<DaemonClient>
  body: AttendanceBody
  /** Called when it is no use trying again. */
  onRefused(error: SubagentError): void
}

/** Is not there before it is asked to be. */
export function keepAttendance({ reach, body, onRefused }: AttendanceParts): KeptAttendance {
  const leaving = new AbortController()
  let coming: Promise<WorkerPresence> | undefined
  let now: WorkerPresence | undefined
  let earlier: Pick<AttendanceBody, 'instance'> = {}
  return {
    present: () => (coming ??= come()),
    isNow: (presence) => presence === now,
    leave: () => {
      leaving.abort()
    },
  }

  async function come(): Promise<WorkerPresence> {
    try {
      const client = await reach()
      const held = await attendInTime(client, { ...body, ...earlier }, leaving.signal)
      const presence = { client, instance: held.instance }
      earlier = { instance: held.instance }
      now = presence
      void held.ended.then(over)
      return presence
    } catch (error) {
      over()
      const problem = readTrouble(error)
      if (refusals.includes(problem.code)) onRefused(problem)
      throw problem
    }
  }

  function over(): void {
    coming = undefined
    now = undefined
  }
}

/** One that would be there too late is given up. */
async function attendInTime(client: DaemonClient, body: AttendanceBody, leaving: AbortSignal) {
  const late = new AbortController()
  try {
    return await inTime(client.attend(body, AbortSignal.any([leaving, late.signal])))
  } catch (error) {
    late.abort()
    throw error
  }
}

const refusals: readonly ErrorCode[] = [
  'already-running',
  'name-taken',
  'cwd-missing',
  'invalid-parameter',
  'unknown-parameter',
]

/** What else keeps a worker from being there may be over the next time. */
function readTrouble(error: unknown): SubagentError {
  if (error instanceof SubagentError && [...refusals, ...away].includes(error.code)) return error
  const message = error instanceof Error ? error.message : String(error)
  const hint = error instanceof SubagentError ? error.hint : undefined
  return new SubagentError('daemon-unreachable', message, {
    ...(hint !== undefined && { hint }),
    cause: error,
  })
}

const away: readonly ErrorCode[] = ['daemon-unreachable', 'mailbox-unreachable']
