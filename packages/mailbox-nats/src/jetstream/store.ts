import { nanos, type NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import { parseDeliverySubject, pullMessages } from './pull.js'
import { encodeRecord } from './records.js'
import { jetStreamErrorCodes, type JetStreamRequests } from './requests.js'

/** A record as the servers have it. `at` is the time of the server that stored it, Unix milliseconds. */
export type StoredRecord = { seq: number; subject: string; data: Uint8Array; at: number }

/** The records of a stream's subjects that match a filter, beginning with a sequence number. */
export type RecordRange = { stream: string; filter: string; from?: number }

/** Reads and writes of streams, all answered by the stream's leader, so that a machine reads what another has written. */
export type JetStreamStore = {
  /** Stores a record, and returns its sequence number; `undefined` when its subject's last record is not `expectedSeq` (0: none). */
  put(record: { subject: string; record: unknown; expectedSeq?: number }): Promise<number | undefined>
  /** The last record of a subject, or of a filter. */
  last(stream: string, subject: string): Promise<StoredRecord | undefined>
  /** The first record of a range. */
  first(range: RecordRange): Promise<StoredRecord | undefined>
  at(stream: string, seq: number): Promise<StoredRecord | undefined>
  /**
   * Deletes one record; returns false when it is not there. Without `isErased`, which is slower, a server that is killed has it
   * again when it starts.
   */
  remove(stream: string, seq: number, options?: { isErased?: boolean }): Promise<boolean>
  /** The sequence number of the stream's last record, also after its deletion. */
  lastSeq(stream: string): Promise<number>
  /** The time of the servers, Unix milliseconds, at which they create the consumer that reads a range. */
  time(range: RecordRange): Promise<number>
  /** The number of records in a range, which the servers count. */
  count(range: RecordRange): Promise<number>
  /**
   * The first records of a range, without their data if `subjectsOnly`, and the number of those that follow. There are fewer than
   * `limit` if some are deleted meanwhile.
   */
  page(
    range: RecordRange & { limit: number; subjectsOnly?: boolean },
  ): Promise<{ records: StoredRecord[]; left: number }>
}

/**
 * Reads the records of a range, oldest first. The first few are read one by one, because there are mostly no more, and a page costs the
 * servers a consumer.
 */
export async function* readRecordsOfRange(
  store: JetStreamStore,
  { stream, filter, from = 1 }: RecordRange,
  pageSize = 1_000,
): AsyncGenerator<StoredRecord> {
  let next = from
  for (let few = 3; few > 0; few -= 1) {
    const first = await store.first({ stream, filter, from: next })
    if (first === undefined) return
    yield first
    next = first.seq + 1
  }
  for (;;) {
    const { records, left } = await store.page({ stream, filter, from: next, limit: pageSize })
    yield* records
    const last = records.at(-1)
    if (last === undefined || left === 0) return
    next = last.seq + 1
  }
}

/** Creates the reads and writes over one connection. */
export function createJetStreamStore(nats: NatsConnection, requests: JetStreamRequests): JetStreamStore {
  const get = async (stream: string, query: unknown): Promise<StoredRecord | undefined> => {
    const got = await requests.ask(`$JS.API.STREAM.MSG.GET.${stream}`, Got, { json: query })
    if (got.type === 'answer') return storedFrom(got.answer.message)
    if (got.code === jetStreamErrorCodes.noMessage) return undefined
    throw requests.unreachable(`reading ${stream} failed with the error ${got.code}`)
  }
  return {
    put: async ({ subject, record, expectedSeq }) => {
      const data = encodeRecord(record)
      // In a cluster of 2.9 servers several writes with the same expected number can be stored, if they are sent together.
      // Only the first with the same message id is.
      const messageId = expectedSeq ? { messageId: `${subject}@${expectedSeq}` } : {}
      const body = { data, ...messageId, ...(expectedSeq !== undefined && { expectedSeq }) }
      const stored = await requests.ask(subject, Acknowledged, body)
      if (stored.type === 'answer') return stored.answer.duplicate === true ? undefined : stored.answer.seq
      if (stored.code === jetStreamErrorCodes.wrongSeq) return undefined
      throw requests.unreachable(`storing ${subject} failed with the error ${stored.code}`)
    },
    last: (stream, subject) => get(stream, { last_by_subj: subject }),
    first: ({ stream, filter, from = 1 }) => get(stream, { seq: Math.max(1, from), next_by_subj: filter }),
    at: (stream, seq) => get(stream, { seq }),
    remove: async (stream, seq, { isErased = false } = {}) => {
      const json = { seq, no_erase: !isErased }
      const gone = await requests.ask(`$JS.API.STREAM.MSG.DELETE.${stream}`, z.looseObject({}), { json })
      if (gone.type === 'answer') return true
      if (absent.has(gone.code)) return false
      throw requests.unreachable(`deleting from ${stream} failed with the error ${gone.code}`)
    },
    lastSeq: async (stream) => {
      const info = await requests.ask(`$JS.API.STREAM.INFO.${stream}`, Info)
      if (info.type === 'error') throw requests.unreachable(`no state of ${stream}: error ${info.code}`)
      return info.answer.state.last_seq
    },
    ...createPages(nats, requests),
  }
}

/** Creates the reads that the servers make with a consumer of their own. */
function createPages(
  nats: NatsConnection,
  requests: JetStreamRequests,
): Pick<JetStreamStore, 'count' | 'page' | 'time'> {
  const open = async (range: RecordRange, subjectsOnly = false): Promise<Consumer> => {
    const { stream } = range
    const json = { stream_name: stream, config: pageConsumer(range, subjectsOnly) }
    const made = await requests.ask(`$JS.API.CONSUMER.CREATE.${stream}`, Consumer, { json })
    if (made.type === 'answer') return made.answer
    throw requests.unreachable(`reading ${stream} failed with the error ${made.code}`)
  }
  const drop = (stream: string, name: string): void => {
    // Best effort: the server deletes it after some seconds without use.
    void nats
      .request(`$JS.API.CONSUMER.DELETE.${stream}.${name}`, '', { timeout: 5_000 })
      .catch(() => undefined)
  }
  return {
    time: async (range) => {
      const { name, created } = await open(range)
      drop(range.stream, name)
      return Date.parse(created)
    },
    count: async (range) => {
      const { name, num_pending } = await open(range)
      drop(range.stream, name)
      return num_pending
    },
    page: async ({ limit, subjectsOnly, ...range }) => {
      const { stream } = range
      for (let attempt = 1; ; attempt += 1) {
        const { name, num_pending } = await open(range, subjectsOnly)
        const batch = Math.min(limit, num_pending)
        const pulled = await pullMessages(nats, { stream, consumer: name, batch, waitMs: 0 })
        drop(stream, name)
        const records = pulled.messages.map(({ subject, data, reply }) => ({
          ...{ subject, data },
          ...parseDeliverySubject(reply),
        }))
        const isEnough = pulled.isWhole && (records.length === batch || attempt === 3)
        if (isEnough) return { records, left: num_pending - records.length }
        if (attempt === 3) throw requests.unreachable(`reading ${stream} got no answer`)
      }
    },
  }
}

function pageConsumer({ filter, from = 1 }: RecordRange, subjectsOnly: boolean): object {
  return {
    filter_subject: filter,
    ack_policy: 'none',
    deliver_policy: 'by_start_sequence',
    opt_start_seq: Math.max(1, from),
    headers_only: subjectsOnly,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(10_000),
  }
}

/** How servers say that there is no record to delete: one server, the leader of three, and when another was faster. */
const absent = new Set([
  jetStreamErrorCodes.notDeleted,
  jetStreamErrorCodes.noMessage,
  jetStreamErrorCodes.noSeq,
])

const Consumer = z.looseObject({ name: z.string(), num_pending: z.number(), created: z.string() })
type Consumer = z.infer<typeof Consumer>
const Acknowledged = z.looseObject({ seq: z.number(), duplicate: z.boolean().optional() })
const Info = z.looseObject({ state: z.looseObject({ last_seq: z.number() }) })
const Got = z.looseObject({
  message: z.looseObject({
    subject: z.string(),
    seq: z.number(),
    data: z.string().optional(),
    time: z.string(),
  }),
})

function storedFrom({ subject, seq, data = '', time }: z.infer<typeof Got>['message']): StoredRecord {
  return { seq, subject, data: new Uint8Array(Buffer.from(data, 'base64')), at: Date.parse(time) }
}
