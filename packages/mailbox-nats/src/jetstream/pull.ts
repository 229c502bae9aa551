import { createInbox, nanos, type Msg, type NatsConnection } from '@nats-io/transport-node'

/**
 * A request for the next messages of a consumer. With `waitMs` 0 the servers answer immediately with those that there are. After `signal`
 * aborts no message counts. `onLate` gets the messages that arrive after the end.
 */
export type PullOptions = {
  stream: string
  consumer: string
  batch: number
  waitMs: number
  signal?: AbortSignal
  onLate?: (message: Msg) => void
}

/** The messages of a pull. `isWhole`: false if the consumer has gone or its servers fell silent, so that there may be more. */
export type Pulled = { messages: readonly Msg[]; isWhole: boolean }

/** The milliseconds that servers may be silent. A pull of what there is fails after them, while one that waits is only repeated. */
function longestSilence(waitMs: number): number {
  return waitMs > 0 ? waitMs + 2_000 : 5_000
}

/** Pulls messages until there are enough, the servers have no more, they fall silent, or the signal aborts. */
export function pullMessages(
  nats: NatsConnection,
  { stream, consumer, batch, waitMs, signal, onLate }: PullOptions,
): Promise<Pulled> {
  const inbox = createInbox()
  const messages: Msg[] = []
  if (batch === 0) return Promise.resolve({ messages, isWhole: true })
  return new Promise((resolve) => {
    let isOver = false
    const subscription = nats.subscribe(inbox, {
      callback: (error, message) => {
        const code = error === null ? message.headers?.code : undefined
        const isEnd = error !== null || Boolean(code)
        if (isOver) {
          if (!isEnd) onLate?.(message)
          return
        }
        timer.refresh()
        if (!isEnd) messages.push(message)
        if (isEnd || messages.length === batch) end(!isEnd || endings.has(code ?? 0))
      },
    })
    const end = (isWhole: boolean): void => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      subscription.drain().catch(() => undefined) // the connection was closed
      resolve({ messages, isWhole })
    }
    const abort = (): void => end(true)
    const timer = setTimeout(() => end(false), longestSilence(waitMs))
    timer.unref()
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) {
      abort()
      return
    }
    const limits = waitMs > 0 ? { expires: nanos(waitMs) } : { no_wait: true }
    nats.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, JSON.stringify({ batch, ...limits }), {
      reply: inbox,
    })
  })
}

/** The status codes with which servers end a pull: no messages, and the end of the time. */
const endings = new Set([404, 408])

/** The sequence number and time of a delivered record, which its reply subject has. Newer servers add two words before them. */
export function parseDeliverySubject(reply = ''): { seq: number; at: number } {
  const words = reply.split('.')
  const [seq, , nanoseconds] = words.slice(words.length > 9 ? 7 : 5)
  return { seq: Number(seq), at: Math.floor(Number(nanoseconds) / 1e6) }
}
