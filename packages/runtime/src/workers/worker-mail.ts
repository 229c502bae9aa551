import { omitUndefined, SubagentError, type Clock, type ErrorCode } from '@subagent-mcp/contract'
import { findProjectRoot, readProcessStartTime } from '@subagent-mcp/driver-kit'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { getMailProjectId } from '@subagent-mcp/mailbox/names'
import type { WorkerMail } from '@subagent-mcp/worker'
import { hostname } from 'node:os'
import type { WorkerPlan } from './plan-worker.js'

/** The mailbox of a runtime, as its workers use it. */
export type WorkerLoopMailbox = WorkerMail & Pick<Mailbox, 'register' | 'leave' | 'health'>

type RegisteredMailParts = {
  mailbox: WorkerLoopMailbox
  plan: WorkerPlan
  /** The id under which the replica handles messages. */
  instance: string
  onRegistered: () => void
  /** Called with an error after which another registration is useless. */
  onRefused: (error: SubagentError) => void
}

/**
 * The mailbox of a replica, which is registered before its first call, and again after a registration that failed. A refusal, such as
 * that another project has the name, ends the worker.
 */
export function createReplicaMailbox(parts: RegisteredMailParts): WorkerMail {
  const { mailbox, onRegistered, onRefused } = parts
  let registered: Promise<void> | undefined
  const registerNow = async (): Promise<void> => {
    try {
      await mailbox.register(registrationOf(parts))
      onRegistered()
    } catch (error) {
      registered = undefined
      if (error instanceof SubagentError && refusals.includes(error.code)) onRefused(error)
      throw error
    }
  }
  const ready = (): Promise<void> => (registered ??= registerNow())
  return {
    next: async (options, signal) => {
      await ready()
      return mailbox.next(options, signal)
    },
    renew: (take, leaseMs) => mailbox.renew(take, leaseMs),
    acknowledge: (take, ids) => mailbox.acknowledge(take, ids),
    release: (take, options) => mailbox.release(take, options),
    reply: (options) => mailbox.reply(options),
    send: async (options) => {
      await ready()
      return mailbox.send(options)
    },
    inbox: (agent, page) => mailbox.inbox(agent, page),
    thread: (id, page) => mailbox.thread(id, page),
  }
}

/** Errors after which another registration is useless. */
const refusals: readonly ErrorCode[] = ['name-taken', 'invalid-parameter']

function registrationOf({ plan, instance }: RegisteredMailParts): Parameters<Mailbox['register']>[0] {
  const { name, folder, launch, rights, topics, severity } = plan
  return {
    ...{ name, topics, wakes: severity, capabilities: rights.said },
    project: getMailProjectId(findProjectRoot(folder)),
    ...omitUndefined({ provider: launch.provider }),
    handler: {
      ...{ instance, kind: 'worker', pid: process.pid, host: hostname() },
      startTime: readProcessStartTime(process.pid) ?? '-',
    },
  }
}

/** Unregisters a replica. If the mailbox cannot be reached, it notices later that the process has ended. */
export async function unregisterWorkerReplica(
  { leave: unregister }: Pick<Mailbox, 'leave'>,
  { instance, clock }: { instance: string; clock: Clock },
): Promise<void> {
  let cancel = (): void => undefined
  const late = new Promise<void>((resolve) => {
    cancel = clock.after(longestFarewell, resolve)
  })
  await Promise.race([unregister(instance).catch(() => undefined), late])
  cancel()
}

/** The time limit for unregistering, in milliseconds. */
const longestFarewell = 2_000
