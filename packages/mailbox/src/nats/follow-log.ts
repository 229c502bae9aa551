import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '@subagent-mcp/contract'
import { jetstreamManager, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream'
import type { Connection } from './connection.js'
import type { Copies } from './copies.js'
import { findOrMakeStream, findStream, replicasFor, type StreamOrder } from './mail-stream.js'
import { readLog, type LogEntry } from './read-log.js'

export type FollowOrder = {
  connection: Connection
  stream: StreamOrder
  copies: Copies
  clock: Clock
  onEntry(entry: LogEntry): 'read-on' | 'begin-anew'
  /** Reading began, at the server's time. */
  onBegun(at: number): void
  onProblem(cause: unknown): void
}

/** Reads the log into the copies until the signal aborts: over every loss of the connection, a server, the stream itself. */
export async function followLog(order: FollowOrder, signal: AbortSignal): Promise<void> {
  const { nats } = order.connection
  // A question that comes while a cluster elects its leader is lost; making takes its time.
  const asking = await jetstreamManager(nats, { checkAPI: false, timeout: 1_000 })
  const manager = await jetstreamManager(nats, { checkAPI: false, timeout: 5_000 })
  const makeStream = createStreamMaker(order, { asking, manager })
  let failures = 0
  const begun = (at: number): void => {
    failures = 0
    order.onBegun(at)
  }
  while (!signal.aborted) {
    await untilConnected(order.connection, signal)
    try {
      const log = await makeStream()
      if (log !== undefined) await readWhileConnected({ ...order, onBegun: begun }, { manager, log, signal })
    } catch (cause) {
      order.onProblem(cause)
    }
    await pauseUnless(signal, Math.min(longestPauseMs, 50 * 2 ** failures++))
  }
}

const longestPauseMs = 1_000

async function readWhileConnected(
  order: FollowOrder,
  { manager, log, signal }: { manager: JetStreamManager; log: StreamInfo; signal: AbortSignal },
): Promise<void> {
  const { connection, copies, stream } = order
  const reading = new AbortController()
  const stop = (): void => reading.abort()
  const forget = connection.onChange(stop)
  signal.addEventListener('abort', stop, { once: true })
  try {
    const onEntry = (entry: LogEntry): void => {
      if (order.onEntry(entry) === 'begin-anew') stop()
    }
    const from = copies.begin(log, stop)
    const place = { nats: connection.nats, manager, stream: stream.names.stream, from }
    await readLog({ ...place, onEntry, onBegun: order.onBegun }, reading.signal)
  } finally {
    forget()
    signal.removeEventListener('abort', stop)
  }
}

/** The stream, made where there was never one. One that is lost is only made anew when it stays lost. */
function createStreamMaker({ connection, stream, clock }: FollowOrder, { asking, manager }: Managers) {
  let known = false
  let missingSince: number | undefined
  return async (): Promise<StreamInfo | undefined> => {
    const found = await findStream(asking, stream.names)
    if (found === undefined && known) {
      missingSince ??= clock.now()
      if (clock.now() - missingSince < lostMs) return undefined
    }
    const replicas = replicasFor(connection.nats, stream.replicas)
    const log = found ?? (await findOrMakeStream(manager, { ...stream, replicas }))
    known = true
    missingSince = undefined
    return log
  }
}

type Managers = { asking: JetStreamManager; manager: JetStreamManager }

/** A cluster that has just elected its leader may not know its streams yet. */
const lostMs = 5_000

async function untilConnected(connection: Connection, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (!signal.aborted && connection.since() === undefined) return
      forget()
      signal.removeEventListener('abort', look)
      resolve()
    }
    const forget = connection.onChange(look)
    signal.addEventListener('abort', look)
    look()
  })
}

async function pauseUnless(signal: AbortSignal, milliseconds: number): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal, ref: false })
  } catch (cause) {
    if (!signal.aborted) throw cause
  }
}
