import type { Clock } from '@subagent-mcp/contract'
import { jetstream, StorageType } from '@nats-io/jetstream'
import { Kvm, type KV } from '@nats-io/kv'
import type { Connection } from './connection.js'

/** Which open mailboxes, of all machines, are there. */
export type MailboxPresence = {
  /** Only what is sure: a mailbox of which this one, in good connection itself, has heard nothing for long. */
  isGone(keeper: string): boolean
  /** Something of a mailbox came in another way. */
  hear(keeper: string): void
  close(): Promise<void>
}

export type PresenceOrder = {
  connection: Connection
  bucket: string
  keeper: string
  host: string
  replicas: number
  clock: Clock
  /** After each beat: time to look who is gone. */
  onBeat(): void
}

/**
 * Each mailbox puts its key every ten seconds into a bucket that forgets after thirty: that is what an operator sees. Others
 * hear the puts themselves, by a plain subscription: a watch is a consumer on one of the servers, whose end would look like
 * everybody's, and servers of 2.9 do not tell of a key that expires.
 *
 * Silence only counts while our own beats are stored: on the smaller side of a partition they are not, and then nobody is
 * called gone, or every lease would be taken from those on the other side.
 */
export function createPresence(order: PresenceOrder): MailboxPresence {
  const { connection, clock, bucket } = order
  const heard = new Map<string, number>()
  const own = keyOf(order.keeper)
  const prefix = `$KV.${bucket}.`
  /** Since when all our beats were stored, and when the last was. */
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
  const beats = createBeats(order, (stored) => {
    const now = clock.now()
    if (!stored) steadySince = undefined
    else if (steadySince === undefined || wasAsleep(storedAt, now)) steadySince = now
    storedAt = now
    dropSilent(heard, now)
    order.onBeat()
  })
  return {
    isGone: (keeper) => {
      if (steadySince === undefined || keyOf(keeper) === own || wasAsleep(storedAt, clock.now())) return false
      return clock.now() - Math.max(steadySince, heard.get(keyOf(keeper)) ?? 0) > silenceMs
    },
    hear: (keeper) => heard.set(keyOf(keeper), clock.now()),
    close: async () => {
      forget()
      subscription.unsubscribe()
      await beats.end()
    },
  }
}

const beatMs = 10_000
const keptMs = 30_000
/** The bucket’s time, and some for what is slow. */
const silenceMs = keptMs + 5_000

/** A machine that was suspended, or whose clock was set: of that time it knows nothing of others. */
function wasAsleep(lastBeatAt: number, now: number): boolean {
  return Math.abs(now - lastBeatAt) > keptMs
}

function dropSilent(heard: Map<string, number>, now: number): void {
  for (const [key, at] of heard) if (now - at > 10 * silenceMs) heard.delete(key)
}

function createBeats(order: PresenceOrder, onBeat: (stored: boolean) => void) {
  const { connection, clock, keeper, host } = order
  let cancel = (): void => undefined
  let open = true
  let bucket: KV | undefined
  const beat = async (): Promise<void> => {
    let stored = false
    try {
      if (connection.since() !== undefined) {
        bucket ??= await makeBucket(order)
        await bucket.put(keyOf(keeper), host)
        stored = true
      }
    } catch {
      bucket = undefined // no server, no leader, no bucket: the next beat tries anew, and nobody is gone until then
    }
    if (!open) return
    onBeat(stored)
    cancel()
    cancel = clock.after(beatMs, () => void beat())
  }
  void beat()
  return {
    now: () => {
      cancel()
      if (connection.since() === undefined) cancel = clock.after(beatMs, () => void beat())
      else void beat()
    },
    end: async () => {
      open = false
      cancel()
      if (connection.since() === undefined) return
      // Best effort: without it the key expires.
      await bucket?.delete(keyOf(keeper)).catch(() => undefined)
    },
  }
}

async function makeBucket({ connection, bucket, replicas }: PresenceOrder): Promise<KV> {
  const manager = new Kvm(jetstream(connection.nats, { timeout: 2_500 }))
  return await manager.create(bucket, { ttl: keptMs, history: 1, replicas, storage: StorageType.Memory })
}

/** A key has letters, digits, `-` and `_`. */
function keyOf(keeper: string): string {
  return Buffer.from(keeper).toString('base64url')
}
