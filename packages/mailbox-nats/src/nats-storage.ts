import { omitUndefined, type Clock } from '@subagent-mcp/contract'
import type { MailHandler } from '@subagent-mcp/mailbox'
import {
  waitForWorkBeforeClosing,
  type MailboxCommand,
  type MailboxStorage,
  type MailReader,
  type MailOutcome,
} from '@subagent-mcp/mailbox/backing'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { readAgentRecord, readAgentRecords, registerAgent, removeHandlers } from './agent-records.js'
import { createMailChangeReports, type MailChangeReports } from './mail-change-reports.js'
import { formatNatsError, type MailConnection } from './servers/connection.js'
import {
  acknowledgeTakenMessages,
  markMailRead,
  releaseTakenMessages,
  renewTakenMessages,
  reviveMessage,
} from './queue/finish-take.js'
import {
  countMail,
  listDeadLetters,
  listInbox,
  listQuietEvents,
  listSentMessages,
  listThread,
} from './lists/lists.js'
import { createRecentValues, type MailServers } from './mail-servers.js'
import { takeNextMail } from './queue/take-next-mail.js'
import { createRegisteredHandlers, type RegisteredHandlers } from './registered-handlers.js'
import { startMailboxPresence, type MailboxPresence } from './servers/presence.js'
import {
  publishMailEvent,
  publishMailMessage,
  publishMailReply,
  type MailSendingOptions,
} from './publish-mail.js'
import type { ServerAddresses } from './servers/server-urls.js'
import { createAgentMailCounts, listHandlers, type AgentMailCounts } from './lists/agent-mail-counts.js'
import { parseAgentOfTakeId, createHeldTakes, type HeldTakes } from './queue/held-takes.js'
import { listThreads } from './lists/threads.js'
import { formatReadySubject } from './jetstream/subjects.js'
import { deleteOldMail } from './delete-old-mail.js'

/** The parts of a mailbox on NATS. */
export type NatsStorageOptions = {
  connection: MailConnection
  address: ServerAddresses
  /** The servers, with the local time in place of theirs. */
  servers: Omit<MailServers, 'now' | 'isOver'>
  replicas: number
  clock: Clock
  isAlive(handler: MailHandler): boolean
}

type Parts = {
  servers: MailServers
  sending: MailSendingOptions
  takes: HeldTakes
  changes: MailChangeReports
  summaries: AgentMailCounts
  own: RegisteredHandlers
  presence: MailboxPresence
}

/** Creates the storage of a mailbox on NATS. Waits for the first beat, which measures the time of the servers. */
export async function createNatsStorage(options: NatsStorageOptions): Promise<MailboxStorage> {
  const { connection, address, clock } = options
  const parts = createParts(options)
  await Promise.race([parts.presence.started, pause(longestFirstBeatMs, undefined, { ref: false })])
  const { servers, changes, own, presence, summaries } = parts
  const { keeper } = servers
  const run = async (command: MailboxCommand): Promise<MailOutcome> => {
    own.note(command)
    const outcome = await runCommand(parts, command)
    const isOfHandlers = command.type === 'register' || command.type === 'leave'
    changes.tell(outcome.changed, isOfHandlers ? 'handlers' : 'mail')
    return outcome
  }
  const unheard = changes.onChange((agents, what) => {
    summaries.forget(agents)
    if (what === 'handlers') void own.restore(agents)
  })
  return {
    run,
    reads: createReads(servers, summaries),
    next: (call) => takeNextMail({ ...parts, clock }, call),
    keeper,
    isGone: (handler, its) => {
      // What other machines cannot be told is not known yet.
      if (connection.since() === undefined) return false
      return its === keeper ? !options.isAlive(handler) : presence.isGone(its)
    },
    onChange: (listener) =>
      changes.onChange((agents, what) => {
        if (what !== 'leases') listener(agents)
      }),
    health: () => {
      const problem = connection.problem()
      const about = { kind: 'nats', where: address.shown, reachable: problem === undefined } as const
      return Promise.resolve({ ...about, ...omitUndefined({ problem, warning: connection.warning() }) })
    },
    close: async () => {
      await closeMailbox(parts, run, options)
      unheard()
      changes.close()
      await connection.close()
    },
  }
}

const longestFirstBeatMs = 3_000

/** Releases what handlers hold, and removes them. */
async function closeMailbox(
  parts: Parts,
  run: MailboxStorage['run'],
  { connection, clock }: NatsStorageOptions,
): Promise<void> {
  const { own, takes, presence, servers } = parts
  const isConnected = connection.since() !== undefined
  // What a handler holds when it leaves counts as a failed try, and these did not fail: their machine ends.
  if (isConnected) await waitForWorkBeforeClosing(clock, releaseAll(parts, run))
  const leaving = { type: 'leave', instances: own.instances(), maxTries: servers.rules.maxTries } as const
  if (isConnected && leaving.instances.length > 0)
    await waitForWorkBeforeClosing(
      clock,
      run(leaving).catch(() => undefined),
    )
  takes.close()
  await waitForWorkBeforeClosing(clock, presence.close())
}

function createParts(options: NatsStorageOptions): Parts {
  const { connection, clock, replicas, isAlive } = options
  const { names, keeper, store } = options.servers
  const place = { connection, bucket: names.bucket, keeper, host: hostname(), replicas, clock }
  const presence = startMailboxPresence({
    ...place,
    serverTime: () => store.time({ stream: names.queues, filter: formatReadySubject(names.prefix) }),
    onBeat: () => void own.restore(),
    onFailure: (cause) =>
      options.servers.log(
        `the mailbox could not write its beat to ${names.bucket}, and tries again: ${formatNatsError(cause, options.address)}`,
      ),
  })
  const now = (): number => clock.now() + presence.offset()
  const isOver = (until: number): boolean => presence.isTimed() && until <= now()
  const servers: MailServers = { ...options.servers, now, isOver }
  const sending = {
    servers,
    seen: createRecentValues<number>(10_000),
    members: createRecentValues<ReadonlySet<string>>(1_000),
  }
  const changes = createMailChangeReports({ nats: connection.nats, prefix: names.prefix, clock })
  const own = createRegisteredHandlers({
    ...{ servers, isAlive },
    register: async (command) => {
      const outcome = await registerAgent(servers, command)
      changes.tell(outcome.changed)
    },
  })
  const takes = createHeldTakes({ clock, now: servers.now })
  return { servers, sending, takes, changes, summaries: createAgentMailCounts(servers), own, presence }
}

/** Releases what handlers hold that registered here. One that did not may have its messages still, until its lease ends. */
async function releaseAll({ own, takes, servers }: Parts, run: MailboxStorage['run']): Promise<void> {
  const held = own.instances().flatMap((instance) => takes.of(instance))
  const release = { type: 'release', ids: null, failure: null, tries: servers.rules } as const
  await Promise.allSettled(held.map((take) => run({ ...release, take })))
}

function createReads(servers: MailServers, summaries: AgentMailCounts): MailReader {
  return {
    handlers: async (name) => {
      if (name === undefined) return listHandlers(await readAgentRecords(servers))
      const found = await readAgentRecord(servers, name)
      return found ? listHandlers([found.agent]) : []
    },
    agents: summaries.agents,
    waiting: summaries.waiting,
    inbox: (agent, page) => listInbox(servers, agent, page),
    quiet: (agent, page) => listQuietEvents(servers, agent, page),
    threads: (query) => listThreads(servers, query),
    thread: (id, page) => listThread(servers, id, page),
    dead: (query) => listDeadLetters(servers, query),
    sent: (page) => listSentMessages(servers, page),
    count: (list) => countMail(servers, list),
  }
}

async function runCommand(
  { servers, sending, takes, own }: Parts,
  command: MailboxCommand,
): Promise<MailOutcome> {
  switch (command.type) {
    case 'register':
      return await registerAgent(servers, command)
    case 'leave': {
      const takers = (instance: string) => [
        ...own.agents(instance),
        ...takes.of(instance).map(parseAgentOfTakeId),
      ]
      return await removeHandlers(servers, command, takers)
    }
    case 'send':
      return await publishMailMessage(sending, command)
    case 'reply':
      return await publishMailReply(sending, command, takes.holds)
    case 'publish':
      return await publishMailEvent(sending, command)
    case 'take':
      throw new Error('messages are taken by next')
    case 'renew':
      return await renewTakenMessages(servers, takes, command)
    case 'acknowledge':
      return await acknowledgeTakenMessages(servers, takes, command)
    case 'release':
      return await releaseTakenMessages(servers, takes, command)
    case 'read':
      return await markMailRead(servers, command)
    case 'revive':
      return await reviveMessage(servers, command.id)
    case 'tidy':
      return await deleteOldMail(servers, command.keepMs)
  }
}
