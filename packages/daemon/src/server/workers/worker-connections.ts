import { SubagentError } from '@subagent-mcp/contract'
import type { MessageBatch } from '@subagent-mcp/mailbox'
import { realpathSync } from 'node:fs'
import type { WorkerConnection, ConnectWorkerBody } from '@subagent-mcp/api'
import { createHeldMail, type TakeOptions } from './worker-mail.js'
import type { Connection } from '@subagent-mcp/runtime'
import type { DaemonPort } from '../port.js'

/** The connected workers. A worker is registered in the mailbox as long as its connection is open. */
export type WorkerConnections = {
  list(): readonly WorkerConnection[]
  /**
   * Connects a worker until `signal` aborts. Its agents are then shut down and can be resumed, and the messages that it holds
   * are released. @throws SubagentError `already-running` if another process uses the folder, and errors of the mailbox
   */
  enter(body: ConnectWorkerBody, signal: AbortSignal): Promise<ConnectedWorker>
  /** Returns the runtime connection of a worker. @throws SubagentError `invalid-parameter` for a worker that is not connected */
  connectionOf(instance: string): Connection
  /**
   * Takes messages for a connected worker. When the daemon disconnects the worker, its messages are released without a failed try.
   */
  take(order: TakeOptions): Promise<MessageBatch | undefined>
  /** Disconnects all workers and releases their messages. Resolves within 2 s, never rejects. */
  close(): Promise<void>
}

/** A connected worker; `over` aborts when its connection has ended. */
export type ConnectedWorker = { attendance: WorkerConnection; over: AbortSignal }

type Entry = { attendance: WorkerConnection; connection: Connection; end: AbortController }

/** The time limit for unregistering all workers, in milliseconds. */
const longestFarewell = 2_000

export function createWorkerConnections(port: DaemonPort): WorkerConnections {
  const entries = new Map<string, Entry>()
  const held = createHeldMail(port)
  let isClosed = false
  const leaving = new Map<string, Promise<void>>()
  const leave = ({ attendance: { instance }, connection, end }: Entry): void => {
    if (!entries.delete(instance)) return
    endAgents(port, connection.caller)
    connection.disconnect()
    const settled = isClosed ? held.giveBack(instance) : held.forget(instance)
    const told = tellMailbox(port, instance, settled).finally(() => leaving.delete(instance))
    leaving.set(instance, told)
    end.abort()
  }
  const isKnown = (instance: string): boolean => entries.has(instance) || leaving.has(instance)
  return {
    list: () => [...entries.values()].map(({ attendance }) => attendance),
    enter: async (body, signal) => {
      if (isClosed || port.supervisor.state().draining) throw stopping()
      const entry = admit(port, { present: [...entries.values()], body, isKnown })
      entries.set(entry.attendance.instance, entry)
      held.enter(entry.attendance.instance)
      try {
        await register(port, body, entry.attendance)
      } catch (error) {
        leave(entry)
        throw error
      }
      if (signal.aborted) leave(entry)
      signal.addEventListener('abort', () => {
        leave(entry)
      })
      return { attendance: entry.attendance, over: entry.end.signal }
    },
    connectionOf: (instance) => {
      const entry = entries.get(instance)
      if (entry) return entry.connection
      const hint = 'connect the worker again'
      throw new SubagentError('invalid-parameter', `attendance: '${instance}' has ended`, { hint })
    },
    take: held.take,
    close: async () => {
      isClosed = true
      held.end()
      for (const entry of entries.values()) leave(entry)
      await withinLimit(Promise.all(leaving.values()), port)
    },
  }
}

function stopping(): SubagentError {
  return new SubagentError('at-capacity', 'the daemon is stopping', {
    hint: 'connect again when it has ended',
  })
}

/** Checks and connects a worker synchronously, so that the second of two workers in the same folder is refused. */
function admit(port: DaemonPort, { present, body, isKnown }: Arrival): Entry {
  const { clock, state, ids } = port.supervisor
  const { cwd, environment, pid, name } = body
  const connection = port.connect({ cwd, environment, pid, terminal: true, mailbox: name })
  try {
    const folder = realpathSync.native(cwd)
    checkFolder(present, folder, pid)
    const project = body.project ?? state().callers.get(connection.caller)?.project ?? folder
    const { instance: earlier } = body
    // The handler of a killed daemon: it was not unregistered, and the worker's process still runs.
    const instance = earlier === undefined || isKnown(earlier) ? ids.message() : earlier
    const attendance = { instance, name, project, pid, cwd: folder, since: clock.now() }
    return { attendance, connection, end: new AbortController() }
  } catch (error) {
    connection.disconnect()
    throw error
  }
}

type Arrival = {
  present: readonly Entry[]
  body: ConnectWorkerBody
  isKnown: (instance: string) => boolean
}

/** Refuses a worker in the folder of another process. One process may connect several workers, which are replicas. */
function checkFolder(present: readonly Entry[], folder: string, pid: number): void {
  const holder = present.find(({ attendance }) => attendance.cwd === folder && attendance.pid !== pid)
  if (!holder) return
  const { name, since, pid: other } = holder.attendance
  const message = `worker '${name}' (pid ${other}) is at work in ${folder} since ${new Date(since).toISOString()}`
  const hint = `subagent-mcp workers stop ${name}`
  throw new SubagentError('already-running', message, { hint })
}

function register(
  port: DaemonPort,
  body: ConnectWorkerBody,
  { instance, project }: WorkerConnection,
): Promise<void> {
  const { name, provider, capabilities, topics, wakes, pid, startTime } = body
  const handler = { instance, kind: 'worker', pid, startTime, host: port.host } as const
  return port.mailbox.register({
    ...{ name, project, capabilities, topics, wakes, handler },
    ...(provider !== undefined && { provider }),
  })
}

/** Shuts down the agents that a worker launched or resumed. Their sessions stay resumable, because the next worker resumes them. */
function endAgents({ supervisor }: DaemonPort, caller: string): void {
  const at = supervisor.clock.now()
  for (const { actor, profile } of supervisor.state().open.values()) {
    if (actor !== caller && profile.caller !== caller) continue
    supervisor.dispatch({ type: 'shutdown-requested', at, agentId: profile.id })
  }
}

/**
 * Unregisters a worker from the mailbox. If the mailbox cannot be reached, this is only logged, because the mailbox notices later
 * that the process has ended.
 */
async function tellMailbox(
  { mailbox, log }: DaemonPort,
  instance: string,
  settled: Promise<void>,
): Promise<void> {
  try {
    await settled
    await mailbox.leave(instance)
  } catch (error) {
    log(`mailbox: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function withinLimit(promise: Promise<unknown>, { supervisor }: DaemonPort): Promise<void> {
  return new Promise((resolve) => {
    const cancel = supervisor.clock.after(longestFarewell, resolve)
    void promise.finally(() => {
      cancel()
      resolve()
    })
  })
}
