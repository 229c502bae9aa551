import { SubagentError, type Clock } from '@subagent-mcp/contract'
import { jetstream, StorageType } from '@nats-io/jetstream'
import { Kvm, type KV } from '@nats-io/kv'
import { setTimeout as pause } from 'node:timers/promises'
import type { MailConnection } from './connection.js'

/** Which open mailboxes of all machines are running. */
export type MailboxPresence = {
  /** Whether a mailbox has been silent for long, while this one was connected. When in doubt it is not gone. */
  isGone(keeper: string): boolean
  /** How much later the servers' clock is than this machine's, in milliseconds; measured with each beat. */
  offset(): number
  /** Whether the offset has been measured. */
  isTimed(): boolean
  /** Resolves after the first beat, also if it failed. */
  started: Promise<void>
  close(): Promise<void>
}

export type PresenceOptions = {
  connection: MailConnection
  bucket: string
  keeper: string
  host: string
  replicas: number
  clock: Clock
  /** Asks the servers for their time, Unix milliseconds, when the bucket cannot be written. @throws SubagentError */
  serverTime(): Promise<number>
  /** Called after each beat. */
  onBeat(): void
  /** Called when a beat fails for the first time. */
  onFailure(cause: unknown): void
}

/**
 * Starts the beats of a mailbox: it puts its key every ten seconds into a bucket whose keys expire after thirty, for operators to
 * see. Other mailboxes receive the puts by a plain subscription, because a watch is a consumer on one server, whose end would
 * look like the end of all mailboxes, and servers of 2.9 do not report a key that expires.
 *
 * Silence counts only while the own beats are stored. On the smaller side of a partition they are not, and there no mailbox counts
 * as gone, because otherwise all leases of the other side would be taken.
 */
export function startMailboxPresence(options: PresenceOptions): MailboxPresence {
  const { connection, clock, bucket } = options
  const heard = new Map<string, number>()
  const own = keyOf(options.keeper)
  const prefix = `$KV.${bucket}.`
  /** Since when all beats of this mailbox were stored, and when the last one was. */
  let steadySince: number | undefined
  let storedAt = 0
  const subscription = connection.nats.subscribe(`${prefix}>`, {
    callback: (error, message) => {
      if (error === null) heard.set(message.subject.slice(prefix.length), clock.now())
    },
  })
  const forget = connection.onChange(() => {
    steadySince = undefined
    beats.now()
  })
  const beats = createBeats(options, (stored) => {
    const now = clock.now()
    if (!stored) steadySince = undefined
    else if (steadySince === undefined || wasAsleep(storedAt, now)) steadySince = now
    storedAt = now
    dropSilent(heard, now)
    options.onBeat()
  })
  return {
    isGone: (keeper) => {
      if (steadySince === undefined || keyOf(keeper) === own || wasAsleep(storedAt, clock.now())) return false
      return clock.now() - Math.max(steadySince, heard.get(keyOf(keeper)) ?? 0) > silenceMs
    },
    offset: () => beats.offset() ?? 0,
    isTimed: () => beats.offset() !== undefined,
    started: beats.started,
    close: async () => {
      forget()
      subscription.unsubscribe()
      await beats.end()
    },
  }
}

const beatMs = 10_000
const keptMs = 30_000
/** The time after which keys expire, and a reserve. */
const silenceMs = keptMs + 5_000

/** Whether this machine was suspended, or its clock was set, since the last beat: it has not heard others meanwhile. */
function wasAsleep(lastBeatAt: number, now: number): boolean {
  return Math.abs(now - lastBeatAt) > keptMs
}

function dropSilent(heard: Map<string, number>, now: number): void {
  for (const [key, at] of heard) if (now - at > 10 * silenceMs) heard.delete(key)
}

function createBeats(options: PresenceOptions, onBeat: (stored: boolean) => void) {
  const { connection, clock, keeper, host } = options
  let hasFailed = false
  let cancel = (): void => undefined
  let open = true
  let bucket: KV | undefined
  let offset: number | undefined
  const beat = async (): Promise<void> => {
    let stored = false
    try {
      if (connection.since() !== undefined) {
        bucket ??= await makeBucket(options)
        const before = clock.now()
        const revision = await bucket.put(keyOf(keeper), host)
        stored = true
        const middle = (before + clock.now()) / 2
        const storedAt = await storedTime(bucket, keyOf(keeper), revision)
        if (storedAt !== undefined) offset = storedAt - middle
      }
    } catch (cause) {
      if (!hasFailed && open) options.onFailure(cause)
      hasFailed = true
      bucket = undefined // without a server, leader or bucket the next beat tries again, and nobody counts as gone until then
      offset = (await offsetWithoutBucket(options)) ?? offset
    }
    if (!open) return
    onBeat(stored)
    cancel()
    cancel = clock.after(beatMs, () => void beat())
  }
  const started = beat()
  return {
    started,
    offset: () => offset,
    now: () => {
      cancel()
      if (connection.since() === undefined) cancel = clock.after(beatMs, () => void beat())
      else void beat()
    },
    end: async () => {
      open = false
      cancel()
      if (connection.since() === undefined) return
      // Best effort: otherwise the key expires.
      await bucket?.delete(keyOf(keeper)).catch(() => undefined)
    },
  }
}

/** When a server stored a key, Unix milliseconds. A server that has not got the write yet is asked again. */
async function storedTime(bucket: KV, key: string, revision: number): Promise<number | undefined> {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const entry = await bucket.get(key)
    // Another open mailbox of this machine may have put the same key meanwhile.
    if (entry !== null && entry.revision >= revision) return entry.created.getTime()
    await pause(attempt * 20, undefined, { ref: false })
  }
  return undefined
}

/** How much later the servers' clock is; `undefined` when they do not answer. Without it no lease of another machine would end. */
async function offsetWithoutBucket({
  clock,
  serverTime,
}: Pick<PresenceOptions, 'clock' | 'serverTime'>): Promise<number | undefined> {
  const before = clock.now()
  try {
    return (await serverTime()) - (before + clock.now()) / 2
  } catch (cause) {
    if (!(cause instanceof SubagentError)) throw cause
    return undefined
  }
}

async function makeBucket({ connection, bucket, replicas }: PresenceOptions): Promise<KV> {
  const manager = new Kvm(jetstream(connection.nats, { timeout: 2_500 }))
  return await manager.create(bucket, { ttl: keptMs, history: 1, replicas, storage: StorageType.Memory })
}

/** The key of a mailbox: letters, digits, `-` and `_`. */
function keyOf(keeper: string): string {
  return Buffer.from(keeper).toString('base64url')
}
