import { readFileSync } from 'node:fs'
import { SubagentError, type Clock } from '@subagent-mcp/contract'
import {
  connect,
  credsAuthenticator,
  errors,
  type NatsConnection,
  type NodeConnectionOptions,
} from '@nats-io/transport-node'
import type { ServerAddresses } from './server-urls.js'

/** A connection to the servers, which reconnects without a limit of tries. */
export type MailConnection = {
  nats: NatsConnection
  /** When it was connected last, Unix milliseconds; undefined while it is not connected. */
  since(): number | undefined
  /** Why it is not connected; undefined while it is. */
  problem(): string | undefined
  /** A known fault of the servers that are connected, if there is one. */
  warning(): string | undefined
  /** Calls `listener` whenever the connection is lost or restored, until the returned function is called. */
  onChange(listener: () => void): () => void
  /** Closes the connection, within a bounded time. */
  close(): Promise<void>
}

export type MailConnectionOptions = {
  servers: ServerAddresses
  /** The path of a `.creds` file. */
  credentials?: string
  /** The path of the servers' certificate authority, if the system does not know it. */
  ca?: string
  name: string
  clock: Clock
}

/** Connects. @throws SubagentError `mailbox-unreachable` when no server answers or accepts the credentials, `config-unreadable` for the files */
export async function openMailConnection(options: MailConnectionOptions): Promise<MailConnection> {
  const pace = createPace()
  const nats = await firstConnect(options, pace)
  let state: { since: number } | { problem: string } = { since: options.clock.now() }
  const listeners = new Set<() => void>()
  const become = (next: typeof state): void => {
    state = next
    for (const listener of listeners) listener()
  }
  const watch = async (): Promise<void> => {
    for await (const status of nats.status()) {
      if (status.type === 'disconnect') become({ problem: `no connection to ${options.servers.shown}` })
      if (status.type === 'reconnect') {
        pace.reset()
        become({ since: options.clock.now() })
      }
      if (status.type === 'error' && 'problem' in state)
        state = { problem: formatNatsError(status.error, options.servers) }
    }
  }
  void watch()
  return {
    nats,
    since: () => ('since' in state ? state.since : undefined),
    problem: () => ('problem' in state ? state.problem : undefined),
    warning: () => warnOfOldCluster(nats.info),
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => closeWithin(nats, options.clock),
  }
}

/** The first version of nats-server in which the replicas of a stream stay equal when a server of a cluster is killed. */
const firstSoundCluster = '2.10.20'

function warnOfOldCluster(info: NatsConnection['info']): string | undefined {
  const isOld =
    info?.cluster !== undefined && info.version.localeCompare(firstSoundCluster, 'en', { numeric: true }) < 0
  return isOld
    ? `lists can be wrong after a server of a cluster of nats-server ${info.version} was killed`
    : undefined
}

/** The message of an error of the NATS client, without secrets. */
export function formatNatsError(cause: unknown, servers: ServerAddresses): string {
  if (cause instanceof errors.AuthorizationError || cause instanceof errors.UserAuthenticationExpiredError) {
    return `${servers.shown} refuses the credentials`
  }
  return cause instanceof Error ? cause.message : 'the request failed'
}

async function firstConnect(options: MailConnectionOptions, pace: Pace): Promise<NatsConnection> {
  const clientOptions = clientOptionsFrom(options, pace)
  try {
    return await connect(clientOptions)
  } catch (cause) {
    const refused = cause instanceof errors.AuthorizationError
    throw new SubagentError(
      'mailbox-unreachable',
      `${formatNatsError(cause, options.servers)} (${options.servers.shown})`,
      {
        hint: refused
          ? 'check the mailbox’s credentials'
          : 'is nats-server running there, and the url right?',
      },
    )
  }
}

function clientOptionsFrom(
  { servers, credentials, ca, name }: MailConnectionOptions,
  pace: Pace,
): NodeConnectionOptions {
  const signedBy = ca === undefined ? {} : { ca: new TextDecoder().decode(readSecret(ca)) }
  return {
    servers: [...servers.hosts],
    name,
    ...servers.signIn,
    ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(readSecret(credentials)) }),
    ...(servers.tls || ca !== undefined ? { tls: signedBy } : {}),
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: pace.next,
    timeout: 3_000,
    // A server that disappears without closing the connection is noticed after two missed pings.
    pingInterval: 10_000,
    noAsyncTraces: true,
  }
}

type Pace = { next(): number; reset(): void }

/** Creates the pauses between tries: they grow, and are random, so that a fleet does not reconnect in one moment. */
function createPace(): Pace {
  let longest = shortestDelay
  return {
    next: () => {
      longest = Math.min(longest * 2, longestDelay)
      return longest * (0.5 + Math.random() / 2)
    },
    reset: () => {
      longest = shortestDelay
    },
  }
}

const shortestDelay = 50
const longestDelay = 5_000

function readSecret(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new SubagentError('config-unreadable', `cannot read ${path}`, {
      hint: 'check mailbox.credentials and mailbox.ca in config.jsonc',
      cause,
    })
  }
}

/** Closes the client, without waiting long: a client that is closed while it connects continues to try. */
async function closeWithin(nats: NatsConnection, clock: Clock): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.after(600, resolve)
    void nats.close().finally(() => {
      cancel()
      resolve()
    })
  })
}
