import { repeatAligned, SubagentError, type Clock } from '@subagent-mcp/contract'
import {
  readLastMessageNumber,
  getCommitMarkFilePath,
  openCommitMarks,
  openSqliteStore,
  type SqliteStore,
} from '@subagent-mcp/journal'
import {
  defaultMailboxLimits,
  type MailHandler,
  type Mailbox,
  type MailboxHealth,
  type MailboxLimits,
} from '@subagent-mcp/mailbox'
import {
  createMailbox,
  createMailListeners,
  waitForNextMail,
  type MailboxStorage,
} from '@subagent-mcp/mailbox/backing'
import { z } from 'zod'
import { createCommandGroups } from './command-groups.js'
import { createSqlState, type SqlMailState } from './sql/sql-state.js'

/**
 * The file of a mailbox, which may have other tables, as the daemon's journal has. `store` is an open connection to it, which the
 * mailbox does not close: a second connection of the same process would cost time, because each reads again what the other has written.
 */
export type SqliteMailFile = { path: string } | { store: SqliteStore }

/** The options of a mailbox in a SQLite file. */
export type SqliteMailboxOptions = SqliteMailFile & {
  clock: Clock
  /** Whether the process of a handler runs. Return true when in doubt, because otherwise its messages are handled twice. */
  isAlive: (handler: MailHandler) => boolean
  rules?: Partial<MailboxLimits>
}

/** Opens the mailbox in a SQLite file, which other processes may have open too. @throws SubagentError `io-failed` */
export function openSqliteMailbox({ clock, isAlive, rules, ...file }: SqliteMailboxOptions): Mailbox {
  const [store, close] = 'store' in file ? [file.store, () => undefined] : openOwnStore(file.path)
  try {
    const backing = createBacking({ store, state: createSqlState(store), clock, isAlive, close })
    return createMailbox({ backing, rules: { ...defaultMailboxLimits, ...rules }, clock })
  } catch (cause) {
    close()
    throw cause
  }
}

function openOwnStore(path: string): [SqliteStore, () => void] {
  const store = openSqliteStore(path)
  return [store, store.close]
}

/**
 * Notes the number of the last message in a file beside the database. The next process that opens the database can then detect
 * that messages are lost.
 */
function openMailMark(store: SqliteStore) {
  const marks = openCommitMarks(getCommitMarkFilePath(store.path, 'mail-mark'))
  let last = readLastMessageNumber(store.rows)
  return {
    note: (at: number): void => {
      const seq = readLastMessageNumber(store.rows)
      if (seq > last) marks.note([{ name: '', seq, at }])
      last = seq
    },
    close: marks.close,
  }
}

type Parts = Pick<SqliteMailboxOptions, 'clock' | 'isAlive'> & {
  store: SqliteStore
  state: SqlMailState
  /** Closes the connection, if it is the mailbox's own. */
  close(): void
}

function createBacking({ store, state, clock, isAlive, close }: Parts): MailboxStorage {
  const mark = openMailMark(store)
  const listeners = createMailListeners()
  const { tell, onChange, addWaiter } = listeners
  const groups = createCommandGroups({ store, state, clock, listeners, onCommit: mark.note })
  const others = watchOthers(store, clock, () => {
    tell(state.names())
  })
  return {
    run: groups.run,
    reads: state,
    next: (call) => waitForNextMail({ state, now: clock.now, addWaiter, watch: others.watch }, call),
    // Every process that has the file open can check the handlers of this machine.
    keeper: 'file',
    isGone: (handler) => !isAlive(handler),
    onChange,
    health: () => Promise.resolve(healthOf(store)),
    close: () => {
      others.end()
      groups.flush()
      close()
      mark.close()
      return Promise.resolve()
    },
  }
}

/**
 * The milliseconds between two checks whether another process has written to the file. Mostly there is none: one is there during an
 * update, or with `serve --in-process`.
 */
const lookAtOthersEvery = 3_000

/** Checks whether another process has written to the file, but only while a call waits. */
function watchOthers(store: SqliteStore, clock: Clock, onChange: () => void) {
  let watchers = 0
  let version = versionOf(store)
  let cancel = (): void => undefined
  const lookNow = (): void => {
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
      if (watchers === 1) cancel = repeatAligned(clock, lookAtOthersEvery, lookNow)
      return {
        lookNow,
        end: () => {
          watchers -= 1
          if (watchers === 0) cancel()
        },
      }
    },
    end: () => {
      cancel()
    },
  }
}

/** A number from SQLite that changes when another connection writes to the file. */
function versionOf(store: SqliteStore): number | undefined {
  return store.rows(Version, 'PRAGMA data_version')[0]?.data_version
}

const Version = z.object({ data_version: z.number() })

function healthOf(store: SqliteStore): MailboxHealth {
  const about = { kind: 'sqlite', where: store.path } as const
  try {
    versionOf(store)
    return { ...about, reachable: true }
  } catch (cause) {
    if (!(cause instanceof SubagentError)) throw cause
    return { ...about, reachable: false, problem: cause.message }
  }
}
