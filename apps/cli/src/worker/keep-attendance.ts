import { SubagentError, type ErrorCode } from '@subagent-mcp/contract'
import type { ConnectWorkerBody } from '@subagent-mcp/api'
import type { DaemonClient } from '@subagent-mcp/client'
import { inTime } from './in-time.js'

/** The registration of a connected worker: its daemon, and its instance id there. */
export type WorkerPresence = { client: DaemonClient; instance: string }

/** The registration of a worker at the daemon. It is renewed by the next call after it has ended, for example with the daemon. */
export type KeptAttendance = {
  /**
   * Returns the registration, and registers the worker if necessary. @throws SubagentError `daemon-unreachable` and
   * `mailbox-unreachable`, after which a retry is useful; other codes if a retry is useless, because another worker has the folder, or
   * another project the name
   */
  present(): Promise<WorkerPresence>
  /** Whether this registration is still valid. */
  isNow(presence: WorkerPresence): boolean
  /** Ends the registration finally. The daemon then ends the agents of this worker. */
  leave(): void
}

export type AttendanceParts = {
  /** Connects to the daemon, and starts one if none runs. */
  reach(): Promise<DaemonClient>
  body: ConnectWorkerBody
  /** Called with an error after which a retry is useless. */
  onRefused(error: SubagentError): void
}

/** Creates the registration of a worker. It is not registered before the first call of `present`. */
export function keepAttendance({ reach, body, onRefused }: AttendanceParts): KeptAttendance {
  const leaving = new AbortController()
  let coming: Promise<WorkerPresence> | undefined
  let now: WorkerPresence | undefined
  let earlier: Pick<ConnectWorkerBody, 'instance'> = {}
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

/** Registers a worker, and cancels the request if it takes too long. */
async function attendInTime(client: DaemonClient, body: ConnectWorkerBody, leaving: AbortSignal) {
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

/** Converts an unexpected error to `daemon-unreachable`, because a later attempt may succeed. */
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
