import { SubagentError, type Clock } from '@subagent-mcp/contract'
import {
  lastMessageNumber,
  markPath,
  openCommitMarks,
  openStore,
  type CommitMarks,
  type Store,
} from '@subagent-mcp/journal'
import {
  createMailbox,
  defaultRules,
  type Handler,
  type Mailbox,
  type MailboxBacking,
  type MailboxHealth,
  type MailboxRules,
  type MailState,
} from '@subagent-mcp/mailbox'
import { createSqlState } from '@subagent-mcp/mailbox/sql-state'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'

/** The options of a mailbox in a SQLite file. */
export type SqliteMailboxOptions = {
  /** The path of the file. It may have other tables, as the daemon's journal has. */
  path: string
  clock: Clock
  /** Whether the process of a handler runs. Return true when in doubt, because otherwise its messages are handled twice. */
  isAlive: (handler: Handler) => boolean
  rules?: Partial<MailboxRules>
}

/** Opens the mailbox in a SQLite file, which other processes may have open too. @throws SubagentError `io-failed` */
export function openSqliteMailbox({ path, clock, isAlive, rules }: SqliteMailboxOptions): Mailbox {
  const store = openStore(path)
  try {
    const noted = noting(store, createSqlState(store))
    const backing = createBacking({ store, ...noted, clock, isAlive })
    const newId = (): string => randomBytes(8).toString('hex')
    return createMailbox({ backing, rules: { ...defaultRules, ...rules }, clock, newId })
  } catch (cause) {
    store.close()
    throw cause
  }
}

/**
 * Writes the number of the last message to a file beside the database, before `send` resolves. The next process that opens
 * the database can then detect that messages are lost.
 */
function noting(store: Store, state: MailState): Pick<Parts, 'state' | 'acknowledged'> {
  const acknowledged = openCommitMarks(markPath(store.path, 'mail-mark'))
  let last = lastMessageNumber(store.rows)
  const apply: MailState['apply'] = (command, at) => {
    const outcome = state.apply(command, at)
    const seq = lastMessageNumber(store.rows)
    if (seq > last) acknowledged.note([{ name: '', seq, at }])
    last = seq
    return outcome
  }
  return { state: { ...state, apply }, acknowledged }
}

type Parts = Pick<SqliteMailboxOptions, 'clock' | 'isAlive'> & {
  store: Store
  state: MailState
  acknowledged: CommitMarks
}

function createBacking({ store, state, acknowledged, clock, isAlive }: Parts): MailboxBacking {
  const listeners = new Set<(agents: readonly string[]) => void>()
  const tell = (agents: readonly string[]): void => {
    if (agents.length > 0) for (const listener of [...listeners]) listener(agents)
  }
  const others = watchOthers(store, clock, () => {
    tell(state.names())
  })
  return {
    run: async (command) => {
      await Promise.resolve() // an error becomes a rejection
      const outcome = state.apply(command, clock.now())
      tell(outcome.changed)
      return outcome
    },
    state: () => state,
    now: clock.now,
    // Every process that has the file open can check the handlers of this machine.
    keeper: 'file',
    isGone: (handler) => !isAlive(handler),
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    watch: others.watch,
    health: () => Promise.resolve(healthOf(store)),
    close: () => {
      others.end()
      store.close()
      acknowledged.close()
      return Promise.resolve()
    },
  }
}

/** Checks every second whether another process has written to the file, but only while a call waits. */
function watchOthers(store: Store, clock: Clock, onChange: () => void) {
  let watchers = 0
  let version = versionOf(store)
  let cancel = (): void => undefined
  const look = (): void => {
    cancel = clock.after(1_000, look)
    try {
      const now = versionOf(store)
      if (now === version) return
      onChange()
      version = now
    } catch (cause) {
      // No call is there to reject: the next check or the next call fails with the same error.
      if (!(cause instanceof SubagentError)) throw cause
    }
  }
  return {
    watch: () => {
      watchers += 1
      if (watchers === 1) cancel = clock.after(1_000, look)
      return () => {
        watchers -= 1
        if (watchers === 0) cancel()
      }
    },
    end: () => {
      cancel()
    },
  }
}

/** A number from SQLite that changes when another connection writes to the file. */
function versionOf(store: Store): number | undefined {
  return store.rows(Version, 'PRAGMA data_version')[0]?.data_version
}

const Version = z.object({ data_version: z.number() })

function healthOf(store: Store): MailboxHealth {
  const about = { kind: 'sqlite', where: store.path } as const
  try {
    versionOf(store)
    return { ...about, reachable: true }
  } catch (cause) {
    if (!(cause instanceof SubagentError)) throw cause
    return { ...about, reachable: false, problem: cause.message }
  }
}
