import { nanos, type Msg, type NatsConnection } from '@nats-io/transport-node'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { MailStreamNames } from './stream-names.js'
import { parseDeliverySubject, pullMessages, type PullOptions } from './pull.js'
import type { JetStreamRequests } from './requests.js'
import type { JetStreamStore } from './store.js'
import { formatAgentSubject, formatMessageFilter, formatReadySubject } from './subjects.js'

/**
 * A message or a `ready` record that a consumer has delivered to this machine alone. It only hints that its thread has work:
 * what may be taken is in the queue's record. A hint that is neither acknowledged nor retried is delivered again, to any
 * machine, so it is not lost with the machine that got it.
 */
export type DeliveryHint = {
  kind: 'work' | 'ready'
  seq: number
  subject: string
  data: Uint8Array
  /** Has the consumer forget the hint. */
  acknowledge(): void
  /** Has the consumer deliver the hint again after a pause. */
  retry(milliseconds: number): Promise<void>
}

/** The hints of agents, each from two durable consumers that all machines share. */
export type DeliveryHints = {
  /**
   * Creates the consumers of an agent, unless it has them. Returns false for a name without a record, which gets no consumers,
   * because nobody would delete them, and no mail can be sent to it.
   */
  prepare(agent: string): Promise<boolean>
  /** Fetches hints without waiting, first those of queues that are ready again, for which it looks always or now and then. */
  fetch(agent: string, limit: number, looksAlways: boolean): Promise<DeliveryHint[]>
  /** Waits for one hint, until it comes, the time is over or the signal aborts. */
  wait(agent: string, waitMs: number, signal: AbortSignal): Promise<DeliveryHint[]>
  /** Deletes the consumers of an agent. */
  remove(agent: string): Promise<void>
}

type Parts = {
  nats: NatsConnection
  requests: JetStreamRequests
  store: JetStreamStore
  names: MailStreamNames
}
type Source = { kind: DeliveryHint['kind']; stream: string; consumer: string; filter: string }

type Pull = (
  agent: string,
  source: Source,
  options: Pick<PullOptions, 'batch' | 'waitMs' | 'signal'>,
) => Promise<DeliveryHint[]>

/** Creates the hints over one connection. */
export function createDeliveryHints(parts: Parts): DeliveryHints {
  const prepared = new Set<string>()
  const lookedAt = new Map<string, number>()
  const { store, names } = parts
  const prepare = async (agent: string): Promise<boolean> => {
    if (prepared.has(agent)) return true
    if ((await store.last(names.records, formatAgentSubject(names.prefix, agent))) === undefined) return false
    await Promise.all(sourcesOf(agent, names).map((source) => createConsumer(source, parts.requests)))
    prepared.add(agent)
    return true
  }
  const pull: Pull = async (agent, { kind, stream, consumer }, options) => {
    if (!(await prepare(agent))) return []
    const hintOf = (message: Msg): DeliveryHint => hintFrom(parts.nats, kind, message)
    // A hint that arrives late goes back to its consumer, which would otherwise miss it for `hintMs`.
    const onLate = (message: Msg): void => void hintOf(message).retry(0)
    const { messages, isWhole } = await pullMessages(parts.nats, { stream, consumer, ...options, onLate })
    if (!isWhole) {
      prepared.delete(agent)
      await pause(lostMs, undefined, { ref: false })
    }
    return messages.map(hintOf)
  }
  return {
    prepare,
    fetch: async (agent, limit, looksAlways) => {
      const [ready, work] = sourcesOf(agent, names)
      const isDue = looksAlways || performance.now() - (lookedAt.get(agent) ?? 0) > readyMs
      const hints = isDue ? await pull(agent, ready, { batch: limit, waitMs: 0 }) : []
      if (isDue && hints.length === 0) lookedAt.set(agent, performance.now())
      const left = limit - hints.length
      return left > 0 ? [...hints, ...(await pull(agent, work, { batch: left, waitMs: 0 }))] : hints
    },
    wait: (agent, waitMs, signal) => {
      const sources = sourcesOf(agent, names)
      const pullOne = (source: Source, end: AbortSignal) =>
        pull(agent, source, { batch: 1, waitMs, signal: end })
      return firstOf(sources, pullOne, signal)
    },
    remove: async (agent) => {
      prepared.delete(agent)
      lookedAt.delete(agent)
      for (const { stream, consumer } of sourcesOf(agent, names))
        await parts.requests.ask(`$JS.API.CONSUMER.DELETE.${stream}.${consumer}`, z.looseObject({}))
    },
  }
}

/** Pulls from all sources until one has a hint or the signal aborts. */
async function firstOf(
  sources: readonly Source[],
  pull: (source: Source, end: AbortSignal) => Promise<DeliveryHint[]>,
  signal: AbortSignal,
): Promise<DeliveryHint[]> {
  const end = new AbortController()
  const stop = (): void => end.abort()
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    const pulls = sources.map(async (source) => {
      const hints = await pull(source, end.signal)
      if (hints.length > 0) stop()
      return hints
    })
    return (await Promise.all(pulls)).flat()
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function sourcesOf(
  agent: string,
  { prefix, queues, work }: MailStreamNames,
): readonly [ready: Source, work: Source] {
  const consumer = agent.replaceAll('.', '=') // a consumer's name has no dots, an agent's no "="
  return [
    { kind: 'ready', stream: queues, consumer, filter: formatReadySubject(prefix, agent) },
    {
      kind: 'work',
      stream: work,
      consumer,
      filter: formatMessageFilter(prefix, { to: agent, urgency: 'work' }),
    },
  ]
}

/** The pause before a consumer that has gone, or has no leader, is created again. */
const lostMs = 200

/** How often a machine with new mail looks for queues that are ready again, of which there are mostly none. */
const readyMs = 200

/** How long a machine may keep a hint before another gets it. The lease of a message is in the queue's record. */
const hintMs = 10_000

async function createConsumer(source: Source, requests: JetStreamRequests): Promise<void> {
  const { stream, consumer, filter } = source
  const config = {
    durable_name: consumer,
    filter_subject: filter,
    ack_policy: 'explicit',
    deliver_policy: 'all',
    ack_wait: nanos(hintMs),
    max_deliver: -1,
    max_ack_pending: 1_000_000,
    max_waiting: 20_000,
  }
  const body = { json: { stream_name: stream, config } }
  const path = `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${consumer}`
  const made = await requests.ask(path, z.looseObject({}), body)
  if (made.type === 'answer' || made.code === exists) return
  throw requests.unreachable(`the consumer ${consumer} of ${stream} cannot be created: error ${made.code}`)
}

/** A consumer of this name exists, which an operator or another version created with other options. */
const exists = 10_105

function hintFrom(nats: NatsConnection, kind: DeliveryHint['kind'], message: Msg): DeliveryHint {
  const { subject, data, reply = '' } = message
  const { seq } = parseDeliverySubject(reply)
  return {
    ...{ kind, seq, subject, data },
    acknowledge: () => nats.publish(reply, '+ACK'),
    retry: async (milliseconds) => {
      const delay = milliseconds > 0 ? ` {"delay": ${nanos(Math.ceil(milliseconds))}}` : ''
      // Without an answer the hint comes back when its time is over.
      await nats.request(reply, `-NAK${delay}`, { timeout: 2_000 }).catch(() => undefined)
    },
  }
}
