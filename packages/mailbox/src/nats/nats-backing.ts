import { hostname } from 'node:os'
import { SubagentError, type Clock } from '@subagent-mcp/contract'
import type { Command } from '../command.js'
import type { MailboxStorage } from '../open-mailbox.js'
import type { MailHandler, MailboxLimits } from '../mailbox.js'
import type { MailOutcome } from '../outcome.js'
import { waitForWorkBeforeClose } from '../settle-before-close.js'
import type { Connection } from './connection.js'
import { openMailLog, type MailLog } from './mail-log.js'
import { replicasFor, type StreamOrder } from './mail-stream.js'
import { createOwnHandlers, type OwnHandlers, type RegisterCommand } from './own-handlers.js'
import { createPresence, type MailboxPresence } from './presence.js'
import type { NatsServers } from './servers.js'

export type NatsBackingOrder = {
  connection: Connection
  servers: NatsServers
  stream: StreamOrder
  clock: Clock
  keeper: string
  isAlive: (handler: MailHandler) => boolean
  folder?: string
  log: (line: string) => void
  deadlineMs: number
  rules: MailboxLimits
}

/** Commands by the log, presence by beats, and what happens on other machines as changes. */
export async function openNatsBacking(order: NatsBackingOrder): Promise<MailboxStorage> {
  const { connection, clock, keeper, stream } = order
  const own = createOwnHandlers(order)
  const changes = createChanges()
  const later: { mend?: (commands: readonly RegisterCommand[]) => void; presence?: MailboxPresence } = {}
  const mailLog = await openMailLog({
    ...order,
    onApplied: ({ command, outcome }) => {
      if (command.type === 'register') later.presence?.hear(command.keeper)
      later.mend?.(own.lostBy(command))
      changes.tell(outcome.changed)
    },
    onReplaced: () => later.mend && changes.tell(mailLog.state().names()),
  })
  later.mend = (commands) => {
    for (const command of commands) void runAside(mailLog, command, { own, log: order.log })
  }
  const replicas = replicasFor(connection.nats, stream.replicas)
  const place = { connection, bucket: stream.names.bucket, keeper, host: hostname(), replicas, clock }
  const presence = createPresence({ ...place, onBeat: () => later.mend?.(own.due()) })
  later.presence = presence
  return createBacking({ order, mailLog, presence, own, changes })
}

type Parts = {
  order: NatsBackingOrder
  mailLog: MailLog
  presence: MailboxPresence
  own: OwnHandlers
  changes: ReturnType<typeof createChanges>
}

function createBacking({ order, mailLog, presence, own, changes }: Parts): MailboxStorage {
  const { connection, keeper, isAlive, clock } = order
  const takes = createTakes(own)
  return {
    run: async (command) => {
      own.note(command)
      if (command.type !== 'take') return await mailLog.run(command)
      const outcome = await takeWhenReached(mailLog, command)
      takes.note(command.instance, outcome)
      return outcome
    },
    state: mailLog.state,
    now: mailLog.now,
    keeper,
    isGone: (handler, itsKeeper) => {
      // What cannot be told to the others is not known yet.
      if (connection.since() === undefined) return false
      return itsKeeper === keeper ? !isAlive(handler) : presence.isGone(itsKeeper)
    },
    onChange: changes.listen,
    watch: () => () => undefined, // the log is always read
    health: () => {
      const problem = mailLog.problem()
      const about = { kind: 'nats', where: order.servers.shown, reachable: problem === undefined } as const
      return Promise.resolve(problem === undefined ? about : { ...about, problem })
    },
    close: async () => {
      const leaving = { mailLog, connection, own, presence, rules: order.rules }
      await waitForWorkBeforeClose(clock, releaseAll(takes.all(), leaving))
      await waitForWorkBeforeClose(clock, leaveAll(leaving))
      await waitForWorkBeforeClose(clock, mailLog.close())
      await connection.close()
    },
  }
}

/**
 * Who waits for messages goes on waiting while the servers are away. A batch that comes late, after its lease, is not handed
 * out: another may have handled it meanwhile.
 */
async function takeWhenReached(mailLog: MailLog, command: Command): Promise<MailOutcome> {
  try {
    const outcome = await mailLog.run(command)
    const isLate = outcome.type === 'taken' && outcome.batch.until <= mailLog.now()
    return isLate ? { type: 'nothing', again: mailLog.now(), changed: [] } : outcome
  } catch (cause) {
    if (!(cause instanceof SubagentError) || cause.code !== 'mailbox-unreachable') throw cause
    return { type: 'nothing', again: mailLog.now() + 1_000, changed: [] }
  }
}

/** For what nobody waits for: the next beat has it tried again. */
async function runAside(mailLog: MailLog, command: RegisterCommand, { own, log }: Aside): Promise<void> {
  try {
    await mailLog.run(command)
  } catch (cause) {
    if (!(cause instanceof SubagentError)) throw cause
    own.missed(command)
    log(`the mailbox could not register a handler again: ${cause.message}`)
  }
}

type Aside = { own: OwnHandlers; log: (line: string) => void }

type LeavingParts = Pick<NatsBackingOrder, 'connection' | 'rules'> &
  Pick<Parts, 'mailLog' | 'own' | 'presence'>

/** What a handler holds when it leaves counts as a try of its, and these did not fail: their machine ends. */
async function releaseAll(
  takes: readonly string[],
  { mailLog, connection, rules }: LeavingParts,
): Promise<void> {
  if (connection.since() === undefined) return
  const order = { type: 'release', ids: null, failure: null, tries: rules } as const
  await Promise.allSettled(takes.map((take) => mailLog.run({ ...order, take })))
}

async function leaveAll({ mailLog, connection, own, presence, rules }: LeavingParts): Promise<void> {
  const instances = own.instances()
  const leaving: Command = { type: 'leave', instances, maxTries: rules.maxTries }
  own.note(leaving)
  if (instances.length > 0 && connection.since() !== undefined)
    await mailLog.run(leaving).catch(() => undefined)
  await presence.close()
}

/** What each handler that registered here took last: what it held before went back by that. */
function createTakes(own: OwnHandlers) {
  const takes = new Map<string, string>()
  const all = (): ReadonlyMap<string, string> => {
    const present = new Set(own.instances())
    for (const instance of takes.keys()) if (!present.has(instance)) takes.delete(instance)
    return takes
  }
  return {
    note: (instance: string, outcome: MailOutcome): void => {
      if (outcome.type === 'taken') takes.set(instance, outcome.batch.take)
      all()
    },
    all: () => [...all().values()],
  }
}

function createChanges() {
  const listeners = new Set<(agents: readonly string[]) => void>()
  return {
    tell: (agents: readonly string[]): void => {
      if (agents.length > 0) for (const listener of [...listeners]) listener(agents)
    },
    listen: (listener: (agents: readonly string[]) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
