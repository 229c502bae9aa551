import { readFileSync } from 'node:fs'
import { SubagentError, type Clock } from '@subagent-mcp/contract'
import {
  connect,
  credsAuthenticator,
  errors,
  type NatsConnection,
  type NodeConnectionOptions,
} from '@nats-io/transport-node'
import type { NatsServers } from './servers.js'

/** One connection that is made again for ever. */
export type Connection = {
  nats: NatsConnection
  /** When it was connected last, by the clock; undefined while it is not. */
  since(): number | undefined
  /** Why it is not connected. */
  problem(): string | undefined
  /** Called with each loss and each return. */
  onChange(listener: () => void): () => void
  /** Bounded in time. */
  close(): Promise<void>
}

export type ConnectionOrder = {
  servers: NatsServers
  /** Of a `.creds` file. */
  credentials?: string
  /** Of the certificates that the servers' are signed by, where the system does not know them. */
  ca?: string
  name: string
  clock: Clock
}

/** @throws SubagentError `mailbox-unreachable` when no server answers or lets us in, `config-unreadable` for the files */
export async function openConnection(order: ConnectionOrder): Promise<Connection> {
  const pace = createPace()
  const nats = await firstConnect(order, pace)
  let state: { since: number } | { problem: string } = { since: order.clock.now() }
  const listeners = new Set<() => void>()
  const become = (next: typeof state): void => {
    state = next
    for (const listener of listeners) listener()
  }
  const watch = async (): Promise<void> => {
    for await (const status of nats.status()) {
      if (status.type === 'disconnect') become({ problem: `no connection to ${order.servers.shown}` })
      if (status.type === 'reconnect') {
        pace.reset()
        become({ since: order.clock.now() })
      }
      if (status.type === 'error' && 'problem' in state)
        state = { problem: wordsOf(status.error, order.servers) }
    }
  }
  void watch()
  return {
    nats,
    since: () => ('since' in state ? state.since : undefined),
    problem: () => ('problem' in state ? state.problem : undefined),
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => closeWithin(nats, order.clock),
  }
}

/** What the client's errors say, never what is secret: those of a sign-in name the user at most. */
export function wordsOf(cause: unknown, servers: NatsServers): string {
  if (cause instanceof errors.AuthorizationError || cause instanceof errors.UserAuthenticationExpiredError) {
    return `${servers.shown} does not let us in`
  }
  return cause instanceof Error ? cause.message : 'it failed'
}

async function firstConnect(order: ConnectionOrder, pace: Pace): Promise<NatsConnection> {
  const options = optionsOf(order, pace)
  try {
    return await connect(options)
  } catch (cause) {
    const refused = cause instanceof errors.AuthorizationError
    throw new SubagentError(
      'mailbox-unreachable',
      `${wordsOf(cause, order.servers)} (${order.servers.shown})`,
      {
        hint: refused
          ? 'check the mailbox’s credentials'
          : 'is nats-server running there, and the url right?',
      },
    )
  }
}

function optionsOf({ servers, credentials, ca, name }: ConnectionOrder, pace: Pace): NodeConnectionOptions {
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
    // A peer that is gone without a word is missed after two of them.
    pingInterval: 10_000,
    noAsyncTraces: true,
  }
}

type Pace = { next(): number; reset(): void }

/** Longer from one try to the next, each by chance, so that a fleet does not come back in one moment. */
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
      hint: 'a file that mailbox.credentials or mailbox.ca names',
      cause,
    })
  }
}

/** The client goes on dialling when it is closed while it dials: it is not waited for. */
async function closeWithin(nats: NatsConnection, clock: Clock): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.after(600, resolve)
    void nats.close().finally(() => {
      cancel()
      resolve()
    })
  })
}
