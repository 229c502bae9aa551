import { AckPolicy, DeliverPolicy, type ConsumerConfig, type JetStreamManager } from '@nats-io/jetstream'
import { createInbox, deferred, nanos, type Msg, type NatsConnection } from '@nats-io/transport-node'

/** One line of the log. */
export type LogEntry = {
  sequence: number
  /** When the server took it: Unix nanoseconds, as it says them. No two lines of a log have the same. */
  stamp: string
  data: Uint8Array
}

export type ReadOptions = {
  nats: NatsConnection
  manager: JetStreamManager
  stream: string
  /** The sequence of the first. */
  from: number
  /** Reading begins, at the server's time `at` in Unix milliseconds. */
  onBegun(at: number): void
  /** In their order, none left out. */
  onEntry(entry: LogEntry): void
}

/**
 * Hands on the log's lines until the signal aborts or a line may have been missed: the servers' silence, a lost line, the
 * end of their consumer. Then who reads begins anew after the last that it had. Resolves to the reason.
 *
 * By a consumer of its own, which the server forgets with its reader. A push consumer of the client would heal itself, but
 * as it does not tell where it began again, and takes a minute to notice that its node is gone.
 */
export async function readLog(order: ReadOptions, signal: AbortSignal): Promise<string> {
  const { nats, manager, stream } = order
  const subject = createInbox()
  const ended = deferred<string>()
  const deliveries = createDeliveries(order, ended.resolve)
  const subscription = nats.subscribe(subject, {
    callback: (error, message) => {
      if (error !== null) ended.resolve(error.message)
      else deliveries.take(message)
    },
  })
  const stop = (): void => ended.resolve('stopped')
  signal.addEventListener('abort', stop, { once: true })
  const watch = setInterval(() => {
    if (deliveries.silentMs() > longestSilenceMs) ended.resolve('the servers fell silent')
  }, heartbeatMs)
  watch.unref()
  try {
    const { name, created } = await manager.consumers.add(stream, consumerOf(subject, order.from))
    order.onBegun(Date.parse(created))
    const reason = signal.aborted ? 'stopped' : await ended
    // Best effort: one that is not deleted ends by itself, as nobody listens to it.
    if (!nats.isClosed()) manager.consumers.delete(stream, name).catch(() => undefined)
    return reason
  } finally {
    clearInterval(watch)
    signal.removeEventListener('abort', stop)
    subscription.unsubscribe()
  }
}

const heartbeatMs = 1_500
const longestSilenceMs = 4_000

function consumerOf(subject: string, from: number): Partial<ConsumerConfig> {
  return {
    deliver_subject: subject,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
    ack_policy: AckPolicy.None,
    max_deliver: 1,
    flow_control: true,
    idle_heartbeat: nanos(heartbeatMs),
    inactive_threshold: nanos(30_000),
    mem_storage: true,
    num_replicas: 1,
  }
}

/** Tells lines from the server's own words, and whether one is missing. */
function createDeliveries(order: ReadOptions, end: (reason: string) => void) {
  let delivered = 0
  let heardAt = performance.now()
  let over = false
  const stop = (reason: string): void => {
    over = true
    end(reason)
  }
  return {
    silentMs: () => performance.now() - heardAt,
    take: (message: Msg): void => {
      heardAt = performance.now()
      if (over) return
      const status = message.headers?.code ?? 0
      if (status === 100) {
        answerFlow(message, order.nats)
        const last = message.headers?.get('Nats-Last-Consumer') ?? ''
        if (last !== '' && Number(last) > delivered) stop('a line was lost')
      } else if (status !== 0) {
        stop(message.headers?.description ?? String(status))
      } else {
        const { delivery, ...place } = placeOf(message.reply ?? '')
        if (delivery === ++delivered) order.onEntry({ ...place, data: message.data })
        else stop('a line was lost')
      }
    },
  }
}

/** The server sends on when its question, how far we are, is answered. */
function answerFlow(message: Msg, nats: NatsConnection): void {
  const stalled = message.headers?.get('Nats-Consumer-Stalled') ?? ''
  if (message.reply !== undefined && message.reply !== '') message.respond()
  else if (stalled !== '') nats.publish(stalled)
}

/** `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<tries>.<sequence>.<delivery>.<stamp>.<pending>[.<random>]` */
function placeOf(reply: string): Omit<LogEntry, 'data'> & { delivery: number } {
  const words = reply.split('.')
  const [sequence = '0', delivery = '0', stamp = '0'] = words.slice(words.length === 9 ? 5 : 7)
  return { sequence: Number(sequence), delivery: Number(delivery), stamp }
}
