import { SubagentError } from '@subagent-mcp/contract'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { decodeRecord, QueueRecord } from '../jetstream/records.js'
import type { MailServers } from '../mail-servers.js'
import type { StoredRecord } from '../jetstream/store.js'
import { formatQueueSubject } from '../jetstream/subjects.js'

/** A queue's record with its sequence number, which is 0 where there is no record. */
export type QueueState = { record: QueueRecord; seq: number }

/** The messages of one thread to one agent. */
export type QueueName = { agent: string; thread: string }

/** Reads the record of a queue. @throws SubagentError `mailbox-unreachable` for one of a newer format */
export async function readQueueRecord({ store, names }: MailServers, name: QueueName): Promise<QueueState> {
  const stored = await store.last(names.queues, formatQueueSubject(names.prefix, name.agent, name.thread))
  return stored === undefined ? { record: createEmptyQueueRecord(name), seq: 0 } : parseQueueRecord(stored)
}

/** The record of a queue about which there is nothing to say. */
export function createEmptyQueueRecord({ agent, thread }: QueueName): QueueRecord {
  return { v: 1, write: '', agent, thread, tries: {}, ending: [], revived: [], more: false }
}

/**
 * Changes the record of a queue by compare-and-set: `step` gets the record and returns the new one, or `undefined` for no change;
 * it is called again when another machine was faster. `known` is the record if it is the last one that this process has seen.
 */
export async function changeQueueRecord(
  servers: MailServers,
  name: QueueName,
  step: (record: QueueRecord) => QueueRecord | undefined,
  known?: QueueState,
): Promise<QueueState> {
  for (let state = known ?? (await readQueueRecord(servers, name)); ;) {
    const next = step(state.record)
    if (next === undefined) return state
    const written = await writeQueueRecord(servers, next, state.seq)
    if (written.isOurs) return written.state
    state = written.state
    await pause(Math.random() * 5)
  }
}

/** Returns an id that no other write of a record has. */
export function createWriteId(): string {
  writes += 1
  return `${thisProcess}-${writes}`
}

const thisProcess = randomUUID()
let writes = 0

/** Writes the record of a queue if it has not changed since `seq`. Returns it, or the record that another machine wrote. */
export async function writeQueueRecord(
  servers: MailServers,
  next: QueueRecord,
  seq: number,
): Promise<{ isOurs: boolean; state: QueueState }> {
  const { store, names } = servers
  const record = { ...next, write: createWriteId() }
  const subject = formatQueueSubject(names.prefix, next.agent, next.thread)
  const stored = await store.put({ subject, record, expectedSeq: seq })
  if (stored !== undefined) return { isOurs: true, state: { record, seq: stored } }
  const state = await readQueueRecord(servers, next)
  // A write whose answer was lost is repeated, and finds itself.
  return { isOurs: state.record.write === record.write, state }
}

/** Reads a stored record. @throws SubagentError `mailbox-unreachable` for one of a newer format */
export function parseQueueRecord({ data, seq }: StoredRecord): QueueState {
  const record = decodeRecord(QueueRecord, data)
  if (record !== undefined) return { record, seq }
  throw new SubagentError(
    'mailbox-unreachable',
    'a newer version of subagent-mcp has written to the mailbox',
    {
      hint: 'update subagent-mcp on this machine',
    },
  )
}
