import { randomUUID } from 'node:crypto'
import { systemClock } from '@subagent-mcp/contract'
import type { Command } from '../command.js'
import { defaultMailboxLimits } from '../mailbox.js'
import { openConnection } from './connection.js'
import { openMailLog, type AppliedCommand, type MailLog } from './mail-log.js'
import { namesOf } from './names.js'
import { readServers } from './servers.js'

/** A machine's part in the log, without all that is above it. */
export type Machine = MailLog & { logged: string[]; applied: AppliedCommand[]; replaced(): number }

export type MachineOptions = { deadlineMs?: number; folder?: string; namespace?: string }

export async function openMachine(url: string, options: MachineOptions = {}): Promise<Machine> {
  const { deadlineMs = 10_000, namespace, ...others } = options
  const names = namespace === undefined ? testNames : namesOf(namespace)
  const servers = readServers(url)
  const connection = await openConnection({ servers, name: 'test', clock: systemClock })
  const logged: string[] = []
  const applied: AppliedCommand[] = []
  let replaced = 0
  const log = await openMailLog({
    connection,
    servers,
    stream: { names, keepMs: defaultMailboxLimits.keepMs, replicas: undefined },
    clock: systemClock,
    deadlineMs,
    ...others,
    log: (line) => logged.push(line),
    onApplied: (one) => applied.push(one),
    onReplaced: () => replaced++,
  })
  const close = async (): Promise<void> => {
    await log.close()
    await connection.close()
  }
  return { ...log, logged, applied, replaced: () => replaced, close }
}

export const testNames = namesOf('test')

/** A message to `worker`, who has to be known. */
export function sendCommand(body: string, id: string = randomUUID()): Extract<Command, { type: 'send' }> {
  const from = { name: 'sender', host: 'here', through: 'agent' } as const
  return { type: 'send', id, from, to: 'worker', body, thread: id, expectsReply: true }
}

export function registerCommand(instance: string, keeper = 'keeper'): Command {
  const handler = { instance, kind: 'worker', pid: 1, startTime: 'now', host: 'here' } as const
  const about = { project: 'p', capabilities: [], topics: [], wakes: 'high' } as const
  return { type: 'register', name: 'worker', ...about, capabilities: [], topics: [], handler, keeper }
}

export function takeCommand(instance: string, leaseMs = 60_000): Extract<Command, { type: 'take' }> {
  const tries = { maxTries: 5, backoffMs: 10, longestBackoffMs: 10 }
  return {
    type: 'take',
    take: randomUUID(),
    agent: 'worker',
    instance,
    leaseMs,
    limit: 32,
    thread: null,
    tries,
  }
}

/** All that can be seen of a copy. */
export function contentsOf({ state }: Pick<MailLog, 'state'>): unknown {
  const threads = state().threads({ limit: 1_000_000 })
  return {
    agents: state().agents(),
    messages: threads.map(({ id }) => state().thread(id)),
    dead: state().dead({}),
  }
}

/** The texts that wait for the worker. */
export function waitingIn({ state }: Pick<MailLog, 'state'>): string[] {
  return state()
    .inbox('worker')
    .map(({ body }) => body)
}
