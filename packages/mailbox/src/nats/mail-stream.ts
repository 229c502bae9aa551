import { SubagentError } from '@subagent-mcp/contract'
import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream'
import { nanos, type NatsConnection } from '@nats-io/transport-node'
import type { NatsNames } from './names.js'

/**
 * How the commands are kept on the servers: a message that dies at the end of its time is a dead letter for as long again,
 * and to the end the log can make it.
 */
export type StreamOrder = { names: NatsNames; keepMs: number; replicas: number | undefined }

/**
 * The stream, which is made where there is none. One that is there stays as its operator made it.
 *
 * @throws SubagentError `config-invalid` for one that cannot be a mailbox
 */
export async function findOrMakeStream(manager: JetStreamManager, order: MakeOrder): Promise<StreamInfo> {
  const found = await findStream(manager, order.names)
  if (found !== undefined) return found
  try {
    return await manager.streams.add({
      name: order.names.stream,
      subjects: [order.names.subject],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(2 * order.keepMs + day),
      duplicate_window: nanos(duplicateMs),
      num_replicas: order.replicas,
    })
  } catch (cause) {
    // Another machine made it meanwhile, with another age or number of replicas.
    if (cause instanceof JetStreamApiError && cause.code === nameInUse)
      return await manager.streams.info(order.names.stream)
    throw cause
  }
}

type MakeOrder = Omit<StreamOrder, 'replicas'> & { replicas: number }

/** With the numbers of the lines that an operator has removed. */
export async function findStream(
  manager: JetStreamManager,
  names: NatsNames,
): Promise<StreamInfo | undefined> {
  try {
    const info = check(await manager.streams.info(names.stream), names)
    return info.state.num_deleted > 0
      ? await manager.streams.info(names.stream, { deleted_details: true })
      : info
  } catch (cause) {
    if (cause instanceof JetStreamApiError && cause.code === notFound) return undefined
    throw cause
  }
}

/** Where the operator says nothing: three where the servers are a cluster, else what one server can. */
export function replicasFor({ info }: NatsConnection, asked: number | undefined): number {
  return asked ?? (info?.cluster === undefined ? 1 : 3)
}

/** A command that is repeated within this time counts once by the servers themselves. */
const duplicateMs = 120_000
const day = 24 * 3_600_000
const notFound = 10_059
const nameInUse = 10_058

function check(info: StreamInfo, { stream, subject }: NatsNames): StreamInfo {
  const { subjects, retention, sealed } = info.config
  const problem =
    !subjects.includes(subject) || subjects.length > 1
      ? `has not just the subject ${subject}`
      : retention !== RetentionPolicy.Limits
        ? `drops what was read (retention ${retention})`
        : sealed
          ? 'is sealed'
          : undefined
  if (problem === undefined) return info
  throw new SubagentError('config-invalid', `the stream ${stream} ${problem}`, {
    hint: 'remove it, or give the mailbox another namespace',
  })
}
