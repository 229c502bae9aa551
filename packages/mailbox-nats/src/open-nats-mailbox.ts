import { SubagentError, systemClock, type Clock } from '@subagent-mcp/contract'
import {
  defaultMailboxLimits,
  type MailHandler,
  type Mailbox,
  type MailboxLimits,
} from '@subagent-mcp/mailbox'
import { createMailbox } from '@subagent-mcp/mailbox/backing'
import { JetStreamApiError } from '@nats-io/jetstream'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { formatNatsError, openMailConnection, type MailConnection } from './servers/connection.js'
import { createDeliveryHints } from './jetstream/delivery-hints.js'
import { createRecentValues, type ArchivedMessage } from './mail-servers.js'
import { createMailStreamNames } from './jetstream/stream-names.js'
import { createNatsStorage } from './nats-storage.js'
import { createJetStreamRequests } from './jetstream/requests.js'
import { parseServerUrls, type ServerAddresses } from './servers/server-urls.js'
import { createJetStreamStore } from './jetstream/store.js'
import { createMailStreams, chooseReplicaCount, type MailStreamOptions } from './jetstream/streams.js'

/** The options of a mailbox on NATS. */
export type NatsMailboxOptions = {
  /** `nats://host:port` or `tls://host:port`; several servers of one cluster with commas. */
  url: string
  /** The path of a `.creds` file. */
  credentials?: string
  /** The path of the certificate authority of the servers, if the system does not know it. */
  ca?: string
  /** The name of the mailbox among those of the account. Default `subagent-mcp`. */
  namespace?: string
  /** How many servers store each record. Default: three in a cluster, else one. */
  replicas?: number
  rules?: Partial<MailboxLimits>
  /** The clock of the mailbox. Default: the system's clock. */
  clock?: Clock
  /** The id of this machine and state folder. It stays the same after a restart, so that the handlers of the process before are removed. */
  keeper: string
  /** Whether the process of a handler runs; asked only for handlers with this keeper. Return true when in doubt. */
  isAlive: (handler: MailHandler) => boolean
  log?: (line: string) => void
  /** How long a call waits for servers that do not answer. Default 15 s, in which a cluster mostly elects another leader. */
  deadlineMs?: number
}

/**
 * Opens the mailbox that several machines share. All of it is on the servers, so a new machine works at once.
 *
 * @throws SubagentError `mailbox-unreachable`, `config-invalid`, `config-unreadable`
 */
export async function openNatsMailbox(options: NatsMailboxOptions): Promise<Mailbox> {
  const address = parseServerUrls(options.url)
  const names = createMailStreamNames(options.namespace ?? 'subagent-mcp')
  const rules = { ...defaultMailboxLimits, ...options.rules }
  const { clock = systemClock, log = () => undefined, deadlineMs = 15_000, keeper, isAlive } = options
  const connection = await openMailConnection({
    ...options,
    ...{ servers: address, clock, name: `subagent-mcp on ${hostname()}` },
  })
  try {
    const { nats } = connection
    const streams = { names, keepMs: rules.keepMs, replicas: options.replicas }
    await untilCreated({ connection, address, streams, clock, deadlineMs })
    const onMissing = (): Promise<void> => createMailStreams(nats, streams)
    const requests = createJetStreamRequests({ connection, servers: address, clock, deadlineMs, onMissing })
    const store = createJetStreamStore(nats, requests)
    const hints = createDeliveryHints({ nats, requests, store, names })
    const recent = createRecentValues<ArchivedMessage>(2_000)
    const servers = { names, store, hints, requests, rules, keeper, log, recent }
    const replicas = chooseReplicaCount(nats, options.replicas)
    const backing = await createNatsStorage({ connection, address, servers, replicas, clock, isAlive })
    return createMailbox({ backing, rules, clock })
  } catch (cause) {
    await connection.close()
    throw cause
  }
}

type Creating = {
  connection: MailConnection
  address: ServerAddresses
  streams: MailStreamOptions
  clock: Clock
  deadlineMs: number
}

/** Creates the streams, and repeats it while the cluster has no leader. */
async function untilCreated(creating: Creating): Promise<void> {
  const { connection, address, streams, clock, deadlineMs } = creating
  const end = clock.now() + deadlineMs
  for (;;) {
    try {
      await createMailStreams(connection.nats, streams)
      return
    } catch (cause) {
      if (cause instanceof SubagentError) throw cause
      const isRefused = cause instanceof JetStreamApiError && cause.status < 500
      if (isRefused || clock.now() + 500 > end) throw notCreated(cause, address)
    }
    await pause(500, undefined, { ref: false })
  }
}

function notCreated(cause: unknown, address: ServerAddresses): SubagentError {
  const words = `the mailbox cannot be opened on ${address.shown}: ${formatNatsError(cause, address)}`
  return new SubagentError('mailbox-unreachable', words, {
    hint: 'is JetStream enabled there, and for this user? A cluster of fewer than three servers needs "replicas": 1',
    cause,
  })
}
