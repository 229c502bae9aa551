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
  type MailboxCommand,
  type MailboxStorage,
  type MailOutcome,
} from '@subagent-mcp/mailbox/backing'
import { z } from 'zod'
import { createSqlState, type SqlMailState } from './sql/sql-state.js'

/** The options of a mailbox in a SQLite file. */
export type SqliteMailboxOptions = {
  /** The path of the file. It may have other tables, as the daemon's journal has. */
  path: string
  clock: Clock
  /** Whether the process of a handler runs. Return true when in doubt, because otherwise its messages are handled twice. */
  isAlive: (handler: MailHandler) => boolean
  rules?: Partial<MailboxLimits>
}

/** Opens the mailbox in a SQLite file, which other processes may have open too. @throws SubagentError `io-failed` */
export function openSqliteMailbox({ path, clock, isAlive, rules }: SqliteMailboxOptions): Mailbox {
  const store = openSqliteStore(path)
  try {
    const backing = createBacking({ store, state: createSqlState(store), clock, isAlive })
    return createMailbox({ backing, rules: { ...defaultMailboxLimits, ...rules }, clock })
  } catch (cause) {
    store.close()
    throw cause
  }
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

type Parts = Pick<SqliteMailboxOptions, 'clock' | 'isAlive'> & { store: SqliteStore; state: SqlMailState }

/** A command whose caller waits for its outcome. */
type WaitingCommand = {
  command: MailboxCommand
  resolve(outcome: MailOutcome): void
  reject(cause: unknown): void
}

/**
 * Applies the commands that arrive in one turn of the event loop in one transaction, because a commit writes each changed page
 * once. Commands that follow from them immediately, such as the take of a message that was just sent, come in a second transaction before
 * other requests are read. `onCommit` is called before their callers learn of it. `flush` applies those that wait.
 */
function createGroups(
  { store, state, clock }: Pick<Parts, 'store' | 'state' | 'clock'>,
  onCommit: (outcomes: readonly MailOutcome[], at: number) => void,
): { run(command: MailboxCommand): Promise<MailOutcome>; flush(): void } {
  let waiting: WaitingCommand[] = []
  let isScheduled = false
  const apply = (group: readonly WaitingCommand[]): void => {
    const at = clock.now()
    const transaction = { hasBegun: false }
    let outcomes: readonly MailOutcome[]
    try {
      outcomes = store.write(() => {
        transaction.hasBegun = true
        return state.applyAll(
          group.map(({ command }) => command),
          at,
        )
      })
    } catch (cause) {
      // Which of them failed is known only when each is tried alone. Without a transaction all have failed.
      if (group.length === 1 || !transaction.hasBegun) for (const { reject } of group) reject(cause)
      else for (const one of group) apply([one])
      return
    }
    onCommit(outcomes, at)
    outcomes.forEach((outcome, index) => group[index]?.resolve(outcome))
  }
  const flush = (): void => {
    const group = waiting
    waiting = []
    if (group.length > 0) apply(group)
  }
  const schedule = (): void => {
    isScheduled = true
    setImmediate(flush)
    // Runs directly after the first one and all promises that it has settled, before the event loop reads anything.
    setImmediate(() => {
      isScheduled = false
      flush()
    })
  }
  return {
    run: (command) =>
      new Promise((resolve, reject) => {
        waiting.push({ command, resolve, reject })
        if (!isScheduled) schedule()
      }),
    flush,
  }
}

function createBacking({ store, state, clock, isAlive }: Parts): MailboxStorage {
  const mark = openMailMark(store)
  const { tell, onChange, onChangeOf } = createMailListeners()
  const groups = createGroups({ store, state, clock }, (outcomes, at) => {
    mark.note(at)
    tell([...new Set(outcomes.flatMap(({ changed }) => changed))])
  })
  const others = watchOthers(store, clock, () => {
    tell(state.names())
  })
  return {
    run: groups.run,
    reads: state,
    next: (call) => waitForNextMail({ state, now: clock.now, onChangeOf, watch: others.watch }, call),
    // Every process that has the file open can check the handlers of this machine.
    keeper: 'file',
    isGone: (handler) => !isAlive(handler),
    onChange,
    health: () => Promise.resolve(healthOf(store)),
    close: () => {
      others.end()
      groups.flush()
      store.close()
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
