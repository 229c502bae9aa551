import { SubagentError } from '@subagent-mcp/contract'
import {
  DiscardPolicy,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream'
import { nanos, type NatsConnection } from '@nats-io/transport-node'
import type { MailStreamNames } from './stream-names.js'

export type MailStreamOptions = {
  names: MailStreamNames
  keepMs: number
  /** How many servers store each record. Default: three in a cluster, else one. */
  replicas: number | undefined
}

/**
 * Creates the streams that do not exist. An operator may create them in advance, with other limits.
 * @throws SubagentError `config-invalid` for a stream that cannot be a mailbox's
 */
export async function createMailStreams(
  nats: NatsConnection,
  { names, keepMs, replicas }: MailStreamOptions,
): Promise<void> {
  const manager = await jetstreamManager(nats, { timeout: 5_000 })
  const { prefix } = names
  // Dead letters are kept for `keepMs` again, and `tidy` deletes before the servers do.
  const shared = { num_replicas: chooseReplicaCount(nats, replicas), max_age: nanos(2 * keepMs + day) }
  await createStream(manager, { ...shared, name: names.archive, subjects: [`${prefix}.message.>`] })
  // Message ids only tell writes apart that are under way together (store.ts), and the servers keep them in memory.
  const latest = { ...shared, max_age: 0, max_msgs_per_subject: 1, duplicate_window: nanos(10_000) }
  const subjects = (kinds: string[]): string[] => kinds.map((kind) => `${prefix}.${kind}.>`)
  // In parallel, because a cluster elects a leader for each.
  await Promise.all([
    createStream(manager, { ...shared, name: names.work, mirror: { name: names.archive } }),
    createStream(manager, { ...latest, name: names.queues, subjects: subjects(['queue', 'ready']) }),
    createStream(manager, {
      ...latest,
      name: names.records,
      subjects: subjects(['agent', 'dead', 'key', 'model']),
    }),
  ])
}

/** The default number of replicas: three where the servers are a cluster, else one. */
export function chooseReplicaCount({ info }: NatsConnection, wanted: number | undefined): number {
  return wanted ?? (info?.cluster === undefined ? 1 : 3)
}

const day = 24 * 3_600_000
const notFound = 10_059
const nameInUse = 10_058

type Wanted = Partial<StreamConfig> & { name: string }

async function createStream(manager: JetStreamManager, wanted: Wanted): Promise<void> {
  const found = await configOf(manager, wanted.name)
  if (found !== undefined) {
    check(found, wanted)
    return
  }
  try {
    await manager.streams.add({
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      ...wanted,
    })
  } catch (cause) {
    // Another machine created it meanwhile, with another age or number of replicas.
    if (!(cause instanceof JetStreamApiError) || cause.code !== nameInUse) throw cause
  }
}

async function configOf(manager: JetStreamManager, name: string): Promise<StreamConfig | undefined> {
  try {
    return (await manager.streams.info(name)).config
  } catch (cause) {
    if (cause instanceof JetStreamApiError && cause.code === notFound) return undefined
    throw cause
  }
}

function check(found: StreamConfig, wanted: Wanted): void {
  const problem =
    found.retention !== RetentionPolicy.Limits
      ? `deletes messages that were read (retention ${found.retention})`
      : found.sealed
        ? 'is sealed'
        : found.deny_delete
          ? 'does not allow messages to be deleted'
          : wanted.subjects && wanted.subjects.join() !== found.subjects.join()
            ? `does not have exactly the subjects ${wanted.subjects.join(', ')}`
            : wanted.mirror !== undefined && found.mirror?.name !== wanted.mirror.name
              ? `is not a mirror of ${wanted.mirror.name}`
              : undefined
  if (problem === undefined) return
  throw new SubagentError('config-invalid', `the stream ${found.name} ${problem}`, {
    hint: 'remove it, or choose another namespace for the mailbox',
  })
}
