import { hostname } from 'node:os'
import type { Clock } from '@subagent-mcp/contract'
import { createMailbox } from '../create-mailbox.js'
import { defaultMailboxLimits, type MailHandler, type Mailbox, type MailboxLimits } from '../mailbox.js'
import { openConnection, type Connection } from './connection.js'
import { openNatsBacking } from './nats-backing.js'
import { namesOf } from './names.js'
import { readServers } from './servers.js'

/** Where the servers are, and who opens. */
export type NatsMailboxOptions = {
  /** `nats://…` or `tls://…`, several with commas. */
  url: string
  /** The path of a `.creds` file. */
  credentials?: string
  /** The path of the certificate that signed the servers', where the system does not know it. */
  ca?: string
  /** Of a fleet; `subagent-mcp` unless given. */
  namespace?: string
  /** How often the servers keep each command; three times in a cluster unless given. */
  replicas?: number
  rules?: Partial<MailboxLimits>
  clock: Clock
  /** This machine's and home's, the same after a restart: so what ended with the last process is known at once. */
  keeper: string
  /** Whether a handler's process runs, asked of those with this keeper only. When in doubt it does. */
  isAlive: (handler: MailHandler) => boolean
  /** Of ours alone: this machine's copy outlives the process in it. Without it the copy is in memory, and the log read from its begin. */
  folder?: string
  log: (line: string) => void
  /** How long a call waits for servers that do not answer; fifteen seconds unless given, in which a cluster mostly finds a new leader. */
  deadlineMs?: number
}

/**
 * Opens the mailbox that a fleet of machines shares; resolves once this machine has all of it.
 *
 * @throws SubagentError `mailbox-unreachable`, `config-invalid`, `config-unreadable`
 */
export async function openNatsMailbox(options: NatsMailboxOptions): Promise<Mailbox> {
  const servers = readServers(options.url)
  const names = namesOf(options.namespace ?? 'subagent-mcp')
  const rules = { ...defaultMailboxLimits, ...options.rules }
  const connection = await openConnection({ ...options, servers, name: `subagent-mcp on ${hostname()}` })
  const parts = { ...options, servers, connection, rules, deadlineMs: options.deadlineMs ?? 15_000 }
  const backing = await closingWhenItFails(connection, () =>
    openNatsBacking({ ...parts, stream: { names, keepMs: rules.keepMs, replicas: options.replicas } }),
  )
  return createMailbox({ backing, rules, clock: options.clock })
}

async function closingWhenItFails<Result>(
  connection: Connection,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act()
  } catch (cause) {
    await connection.close()
    throw cause
  }
}
