import { rmSync } from 'node:fs'
import { z } from 'zod'
import { isDatabaseDamageError } from './io-failure.js'
import {
  findPassages,
  insertPassages,
  createOriginSearchToken,
  passagesTableFormat,
  passagesTablesSql,
  type FoundPassage,
  type TextPassage,
  type PassageQuery,
  type SearchedAgent,
} from './passages.js'
import { openMemorySqliteStore, openSqliteStore, type SqliteStore } from './sqlite-store.js'

/**
 * An index of texts, to search them by words. It is derived from the journal and the mailbox. Calls throw SubagentError `io-failed` on
 * file errors.
 */
export type SearchIndex = {
  /**
   * Returns the number up to which a source (facts or mail) was read. If that was at another place, its passages are removed, and 0 is
   * returned.
   */
  readUpTo(source: SearchIndexSource, place: string): number
  /** Adds passages that were read after number `after` of a source. Does nothing if another process has added them meanwhile. */
  add(batch: SearchIndexBatch): void
  /** The ids of the agents that have passages. */
  agents(): readonly string[]
  forget(agentIds: readonly string[]): void
  /** Removes the passages of messages with a lower number. */
  forgetMail(before: number): void
  clear(): void
  /** Returns the newest passages that contain all words, newest first. */
  find(query: PassageQuery): FoundPassage[]
  close(): void
}

/** The source of passages: facts of the journal, or messages of the mailbox. */
export type SearchIndexSource = 'facts' | 'mail'

/** Passages from the facts or messages with the numbers above `after`, up to `upTo`. */
export type SearchIndexBatch = {
  source: SearchIndexSource
  after: number
  upTo: number
  passages: readonly TextPassage[]
  agents: readonly SearchedAgent[]
}

/**
 * Opens the index in a file, or in memory without one. A file that is damaged or has another format is deleted, because everything
 * in it can be read again.
 */
export function openSearchIndex(path?: string): SearchIndex {
  if (path === undefined) return indexIn(openMemorySqliteStore())
  const store = openFile(path) ?? deleteAndOpen(path)
  if (formatOf(store) === 0 || formatOf(store) === passagesTableFormat) return indexIn(store)
  store.close()
  return indexIn(deleteAndOpen(path))
}

/** Opens the file, unless it is damaged. */
function openFile(path: string): SqliteStore | undefined {
  try {
    return openSqliteStore(path)
  } catch (error) {
    if (error instanceof Error && isDatabaseDamageError(error.cause)) return undefined
    throw error
  }
}

function deleteAndOpen(path: string): SqliteStore {
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
  return openSqliteStore(path)
}

function formatOf(store: SqliteStore): number {
  return store.rows(Format, 'PRAGMA user_version')[0]?.user_version ?? 0
}

function indexIn(store: SqliteStore): SearchIndex {
  store.write(() => {
    if (formatOf(store) === 0)
      store.execute(`${passagesTablesSql}; PRAGMA user_version = ${passagesTableFormat}`)
  })
  return {
    ...readingOf(store),
    ...removalFrom(store),
    agents: () => store.rows(Id, 'SELECT id FROM agents').map(({ id }) => id),
    find: (query) => findPassages(store, query),
    close: store.close,
  }
}

function markOf(store: SqliteStore, source: SearchIndexSource): z.infer<typeof Mark> | undefined {
  return store.rows(Mark, 'SELECT place, seq, first FROM marks WHERE source = ?', source)[0]
}

function readingOf(store: SqliteStore): Pick<SearchIndex, 'readUpTo' | 'add'> {
  return {
    readUpTo: (source, place) => {
      const mark = markOf(store, source)
      if (mark?.place === place) return mark.seq
      store.write(() => {
        if (mark) deletePassages(store, source === 'mail' ? "kind = 'mail'" : "kind <> 'mail'")
        store.run('INSERT OR REPLACE INTO marks (source, place) VALUES (?, ?)', source, place)
      })
      return 0
    },
    add: ({ source, after, upTo, passages, agents }) => {
      store.write(() => {
        if (markOf(store, source)?.seq !== after) return
        const named = 'INSERT OR REPLACE INTO agents (id, name, project) VALUES (?, ?, ?)'
        for (const { id, name, project } of agents) store.run(named, id, name ?? null, project)
        insertPassages(store, passages)
        store.run('UPDATE marks SET seq = ? WHERE source = ?', upTo, source)
      })
    },
  }
}

function removalFrom(store: SqliteStore): Pick<SearchIndex, 'forget' | 'forgetMail' | 'clear'> {
  return {
    forget: (agentIds) => {
      const own = 'rowid IN (SELECT rowid FROM passages WHERE passages MATCH ?)'
      store.write(() => {
        for (const id of agentIds) {
          store.run('DELETE FROM agents WHERE id = ?', id)
          deletePassages(store, own, createOriginSearchToken('agent', id))
        }
      })
    },
    forgetMail: (before) => {
      if (before <= (markOf(store, 'mail')?.first ?? before)) return
      store.write(() => {
        deletePassages(store, "kind = 'mail' AND seq < ?", before)
        store.run("UPDATE marks SET first = ? WHERE source = 'mail'", before)
      })
    },
    clear: () => {
      store.write(() => {
        store.run('DELETE FROM marks')
        store.run('DELETE FROM agents')
        deletePassages(store, 'true')
      })
    },
  }
}

function deletePassages(store: SqliteStore, condition: string, ...values: (string | number)[]): void {
  store.run(`DELETE FROM passages WHERE ${condition}`, ...values)
  store.execute('PRAGMA incremental_vacuum')
}

const Format = z.object({ user_version: z.number() })
const Mark = z.object({ place: z.string(), seq: z.number(), first: z.number() })
const Id = z.object({ id: z.string() })
