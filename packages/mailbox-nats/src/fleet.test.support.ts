import { randomUUID } from 'node:crypto'
import { mailPageSizes, SubagentError, systemClock } from '@subagent-mcp/contract'
import type {
  MailHandler,
  Mailbox,
  MailboxMessage,
  MailRegistration,
  MessageSender,
} from '@subagent-mcp/mailbox'
import { openNatsMailbox, type NatsMailboxOptions } from './open-nats-mailbox.js'

/** A machine of a fleet, with what it logged. */
export type FleetMachine = { name: string; mailbox: Mailbox; logged: string[] }

export async function openFleetMachine(
  name: string,
  options: Pick<NatsMailboxOptions, 'url'> & Partial<NatsMailboxOptions>,
): Promise<FleetMachine> {
  const logged: string[] = []
  const mailbox = await openNatsMailbox({
    clock: systemClock,
    keeper: `${name}-${randomUUID()}`,
    isAlive: () => true,
    log: (line) => logged.push(line),
    ...options,
  })
  return { name, mailbox, logged }
}

export const boss: MessageSender = { name: 'boss', host: 'here', through: 'agent' }

/** One that makes `worker` known. */
export function registrationOf(handler: MailHandler): MailRegistration {
  return { name: 'worker', project: 'p', capabilities: [], topics: [], wakes: 'high', handler }
}

/** A handler of `worker` that replies to each message and acknowledges it, until it is stopped. */
export async function startWorker({ name, mailbox }: FleetMachine): Promise<Worker> {
  const handler = {
    instance: `worker-${name}`,
    kind: 'worker',
    pid: process.pid,
    startTime: name,
    host: name,
  } as const
  const order = registrationOf(handler)
  await retryWhileUnreachable(() => mailbox.register(order))
  const worker: Worker = { delivered: [], acknowledged: [], again: [], stop: () => Promise.resolve() }
  const end = new AbortController()
  const working = work(mailbox, { worker, instance: handler.instance, signal: end.signal })
  worker.stop = async () => {
    end.abort()
    await working
  }
  return worker
}

export type Worker = {
  delivered: string[]
  acknowledged: string[]
  /** What was given to it although one of them all had acknowledged it before. */
  again: string[]
  stop(): Promise<void>
}

/** What was acknowledged by all workers of this process. */
export const acknowledgedByAll = new Set<string>()

async function work(
  mailbox: Mailbox,
  order: { worker: Worker; instance: string; signal: AbortSignal },
): Promise<void> {
  const { worker, instance, signal } = order
  while (!signal.aborted) {
    const batch = await mailbox.next(
      { agent: 'worker', instance, leaseMs: 5_000, waitMs: 60_000, limit: 4 },
      signal,
    )
    for (const { id } of batch?.messages ?? []) {
      worker.delivered.push(id)
      if (acknowledgedByAll.has(id)) worker.again.push(id)
    }
    for (const { id, body } of batch?.messages ?? []) {
      await retryWhileUnreachable(() =>
        mailbox.reply({ from: { ...boss, name: 'worker' }, message: id, body: `re: ${body}` }),
      )
    }
    const ids = batch === undefined ? [] : await retryWhileUnreachable(() => mailbox.acknowledge(batch.take))
    for (const id of ids) {
      worker.acknowledged.push(id)
      acknowledgedByAll.add(id)
    }
  }
}

/** As a caller who does not give up: again, while the servers cannot be reached. */
export async function retryWhileUnreachable<Result>(act: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await act()
    } catch (cause) {
      if (!(cause instanceof SubagentError) || cause.code !== 'mailbox-unreachable') throw cause
    }
  }
}

/** All threads that were answered, with their messages, as a machine sees them. */
export async function readAnsweredThreads({
  mailbox,
}: FleetMachine): Promise<readonly (readonly MailboxMessage[])[]> {
  const threads = new Set<string>()
  const page = (after: number): Promise<readonly MailboxMessage[]> =>
    mailbox.inbox(boss.name, { after, limit: mailPageSizes.longest })
  for (let letters = await page(0); letters.length > 0; letters = await page(letters.at(-1)?.seq ?? 0)) {
    for (const { thread } of letters) threads.add(thread)
  }
  return await Promise.all([...threads].map((id) => mailbox.thread(id)))
}
