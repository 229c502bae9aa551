import { SubagentError, type Clock } from '@subagent-mcp/contract'
import type { MailboxMessage, MessageBatch } from '@subagent-mcp/mailbox'
import { createMailId, type NextMailCall } from '@subagent-mcp/mailbox/backing'
import { setTimeout as pause } from 'node:timers/promises'
import type { MailChangeReports } from '../mail-change-reports.js'
import type { DeliveryHint } from '../jetstream/delivery-hints.js'
import { readUnhandledMail } from '../lists/lists.js'
import { readArchivedMessage, type MailServers } from '../mail-servers.js'
import { decodeRecord, QueueRecord } from '../jetstream/records.js'
import { isFirstMessageOfQueue, parseMessageSubject } from '../jetstream/subjects.js'
import { takeFromQueue, type QueueTakeOptions } from './take.js'
import { createTakeId, type HeldTakes } from './held-takes.js'

type Parts = { servers: MailServers; takes: HeldTakes; changes: MailChangeReports; clock: Clock }

/** Takes messages for an agent, or waits for them. While the servers cannot be reached it waits, too. */
export async function takeNextMail(parts: Parts, call: NextMailCall): Promise<MessageBatch | undefined> {
  const { clock, takes } = parts
  const { options, signal } = call
  const deadline = clock.now() + options.waitMs
  let hints: DeliveryHint[] = []
  const isOver = (): boolean => signal.aborted
  while (!isOver()) {
    try {
      for (const take of takes.of(options.instance)) await call.release(take)
      const batch = await takeBatch(parts, call, hints)
      hints = []
      const inTime = batch && (await handOut(parts, call, batch))
      if (inTime !== undefined) return inTime
      if (batch !== undefined && clock.now() < deadline) continue
      await call.removeGone(options.agent)
      const left = deadline - clock.now()
      if (left <= 0) return options.waitMs > 0 ? undefined : await lastLook(parts, call)
      hints = await waitForMail(parts, call, Math.min(left, lookMs))
    } catch (cause) {
      if (isOver()) break // for example because the mailbox was closed
      const isAway = cause instanceof SubagentError && cause.code === 'mailbox-unreachable'
      if (!isAway || deadline <= clock.now()) throw cause
      await pause(awayMs, undefined, { ref: false })
    }
  }
  await giveBack(hints)
  return undefined
}

/** How often a waiting call looks whether the process of a handler is gone, which nobody announces. */
const lookMs = 5_000
const awayMs = 500

/** After a handler was removed there may be messages for a call that does not wait. */
async function lastLook(parts: Parts, call: NextMailCall): Promise<MessageBatch | undefined> {
  const batch = await takeBatch(parts, call, [])
  return batch && (await handOut(parts, call, batch))
}

/** Returns a batch, unless its caller has aborted or its lease ended on the way: another may have handled it then. */
async function handOut(
  { servers, clock }: Parts,
  { signal, release, options }: NextMailCall,
  batch: MessageBatch,
): Promise<MessageBatch | undefined> {
  const isLate = batch.until <= servers.now() && options.leaseMs > 0
  if (!signal.aborted && !isLate) return { ...batch, until: clock.now() + (batch.until - servers.now()) }
  await release(batch.take)
  return undefined
}

/** Takes what the hints lead to, and what more hints lead to up to the limit. */
async function takeBatch(
  parts: Parts,
  call: NextMailCall,
  first: readonly DeliveryHint[],
): Promise<MessageBatch | undefined> {
  const { servers, takes, changes, clock } = parts
  const { agent, instance, leaseMs, limit, thread, waitMs } = call.options
  const take = createTakeId(createMailId(clock.now()), agent)
  const until = servers.now() + leaseMs
  const { rules, signal } = call
  const taking: QueueTakeOptions = { take, instance, until, rules, clock, signal, onChange: changes.tell }
  const messages: MailboxMessage[] = []
  const takeFrom = async (name: string, hints: readonly DeliveryHint[]): Promise<void> => {
    const left = limit - messages.length
    if (left <= 0 || signal.aborted) return giveBack(hints)
    const taken = await takeFromQueue(servers, { agent, thread: name }, { ...taking, hints, limit: left })
    if (taken.messages.length === 0) return
    if (takes.threads(take) === undefined) takes.begin(take, { instance, until })
    const ids = taken.messages.map(({ id }) => id)
    takes.hold(take, name, { ids, hints: taken.hints, state: taken.state })
    messages.push(...taken.messages)
  }
  if (thread !== undefined) await takeFrom(thread, [])
  else {
    const left = limit - first.length
    const found = left > 0 ? [...first, ...(await servers.hints.fetch(agent, left, waitMs === 0))] : first
    await takeAll(byThread(found), takeFrom)
    if (waitMs === 0 && messages.length < limit) await takeUnhinted(servers, call.options, takeFrom)
  }
  if (messages.length === 0) return undefined
  changes.tell([agent], 'leases')
  return { take, until, messages: messages.toSorted((one, other) => one.seq - other.seq) }
}

/** Takes what consumers do not know of yet: a call that does not wait gets all that was sent before it. */
async function takeUnhinted(
  servers: MailServers,
  { agent, limit }: { agent: string; limit: number },
  takeFrom: (thread: string, hints: readonly DeliveryHint[]) => Promise<void>,
): Promise<void> {
  const query = { agent, after: 0, limit: Math.max(limit, oldestMessages), urgency: 'work' } as const
  const unhandled = await readUnhandledMail(servers, query)
  for (const thread of new Set(unhandled.map(({ record }) => record.thread))) await takeFrom(thread, [])
}

/** In how many messages such a call looks, because the oldest may be held. */
const oldestMessages = 64

/** Queues with one hint give one message at most, and are taken in parallel; then the others, up to the limit. */
async function takeAll(
  queues: ReadonlyMap<string, readonly DeliveryHint[]>,
  takeFrom: (thread: string, hints: readonly DeliveryHint[]) => Promise<void>,
): Promise<void> {
  const isSingle = (hints: readonly DeliveryHint[]): boolean =>
    hints.length === 1 &&
    hints.every((hint) => hint.kind === 'work' && isFirstMessageOfQueue(parseMessageSubject(hint.subject)))
  const single = [...queues].filter(([, hints]) => isSingle(hints))
  const others = [...queues].filter(([, hints]) => !isSingle(hints))
  await Promise.all(single.map(([thread, hints]) => takeFrom(thread, hints)))
  for (const [thread, hints] of others) await takeFrom(thread, hints)
}

function byThread(hints: readonly DeliveryHint[]): ReadonlyMap<string, readonly DeliveryHint[]> {
  const threads = new Map<string, DeliveryHint[]>()
  for (const hint of hints) {
    const thread =
      hint.kind === 'work'
        ? readArchivedMessage({ ...hint, at: 0 }).record.thread
        : decodeRecord(Offer, hint.data)?.thread
    if (thread === undefined) hint.acknowledge() // of another program
    else threads.set(thread, [...(threads.get(thread) ?? []), hint])
  }
  return threads
}

const Offer = QueueRecord.pick({ thread: true })

async function giveBack(hints: readonly DeliveryHint[]): Promise<void> {
  await Promise.all(hints.map((hint) => hint.retry(0)))
}

/**
 * Waits for a hint. A call for one thread, which consumers do not select, and one for an agent that is unknown and so has no consumers
 * wait for any change of the agent's mail.
 */
async function waitForMail(parts: Parts, call: NextMailCall, waitMs: number): Promise<DeliveryHint[]> {
  const { agent, thread } = call.options
  const { hints } = parts.servers
  if (thread === undefined && (await hints.prepare(agent)))
    return await hints.wait(agent, waitMs, call.signal)
  await parts.changes.next(agent, Math.min(waitMs, threadLookMs), call.signal)
  return []
}

/** How often a call for one thread looks whether a lease or a pause has ended. */
const threadLookMs = 1_000
