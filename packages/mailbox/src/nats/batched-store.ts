import { SubagentError, type Clock } from '@subagent-mcp/contract'
import type { Store } from '@subagent-mcp/journal'
import { isFileFailure } from './file-failure.js'

/**
 * A store of one connection, whose writes of a quarter of a second are one transaction: a page that many lines change is
 * written once. Reads see what is not committed yet. What a crash takes is on the servers.
 */
export type BatchedStore = Store & {
  /** The work's writes are in one transaction; what it has written when it throws is for the caller to undo. */
  together<Result>(work: () => Result): Result
  /** Commits what was written. @throws SubagentError `io-failed` */
  flush(): void
  /** The file or its disk failed: what is in it may be older than what was read. */
  isLost(): boolean
}

export type BatchedOrder = {
  clock: Pick<Clock, 'after'>
  /** The last of each transaction. */
  beforeCommit(): void
  /** Once. */
  onLost(cause: SubagentError): void
}

export function batchedStore(store: Store, order: BatchedOrder): BatchedStore {
  const health = createHealth(order)
  const { heed } = health
  const transaction = createTransaction(store, { ...order, health })
  const together = <Result>(work: () => Result): Result =>
    heed(() => {
      transaction.begin()
      return work()
    })
  return {
    ...store,
    rows: (schema, sql, ...values) => heed(() => store.rows(schema, sql, ...values)),
    run: (sql, ...values) => heed(() => store.run(sql, ...values)),
    execute: (sql) => {
      heed(() => store.execute(sql))
    },
    write: (work) => together(() => apart(store, work)),
    together,
    flush: transaction.flush,
    isLost: health.isLost,
    close: () => {
      transaction.end()
      if (health.isLost()) rollBack(store)
      store.close()
    },
  }
}

type Health = ReturnType<typeof createHealth>

function createHealth({ onLost }: Pick<BatchedOrder, 'onLost'>) {
  let isLost = false
  const lose = (cause: SubagentError): void => {
    if (isLost) return
    isLost = true
    onLost(cause)
  }
  return {
    isLost: () => isLost,
    lose,
    heed: <Result>(act: () => Result): Result => {
      try {
        return act()
      } catch (cause) {
        if (cause instanceof SubagentError && isFileFailure(cause)) lose(cause)
        throw cause
      }
    },
  }
}

type TransactionOrder = Pick<BatchedOrder, 'clock' | 'beforeCommit'> & { health: Health }

function createTransaction(store: Store, { clock, beforeCommit, health }: TransactionOrder) {
  let isOpen = false
  let cancel = (): void => undefined
  const flush = (): void => {
    if (!isOpen) return
    isOpen = false
    cancel()
    health.heed(() => {
      beforeCommit()
      store.execute('COMMIT')
    })
  }
  /** Nobody waits for it: who applied the lines has gone on. */
  const end = (): void => {
    try {
      if (!health.isLost()) flush()
    } catch (cause) {
      if (!(cause instanceof SubagentError)) throw cause
      health.lose(cause)
    }
    isOpen = false
    cancel()
  }
  const begin = (): void => {
    if (isOpen) return
    store.execute('BEGIN IMMEDIATE')
    isOpen = true
    cancel = clock.after(batchMs, end)
  }
  return { begin, flush, end }
}

const batchMs = 250

/** What failed may have left it open, and its lock would outlive the store for a while. */
function rollBack(store: Store): void {
  try {
    store.execute('ROLLBACK')
  } catch (cause) {
    if (!(cause instanceof SubagentError)) throw cause // else it was rolled back already, or the file is beyond that
  }
}

/** All that the work writes, or nothing when it throws; the transaction around it goes on. */
function apart<Result>(store: Store, work: () => Result): Result {
  store.execute('SAVEPOINT line')
  try {
    const result = work()
    store.execute('RELEASE line')
    return result
  } catch (cause) {
    // A disk that is full has rolled back all of the transaction by itself.
    if (!isFileFailure(cause)) store.execute('ROLLBACK TO line; RELEASE line')
    throw cause
  }
}
