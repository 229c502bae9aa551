import type { SearchTextKind } from '@subagent-mcp/contract'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { SqliteStore } from './sqlite-store.js'

/** A text in the search index. */
export type TextPassage = {
  /** Unix milliseconds. */
  at: number
  kind: SearchTextKind
  /** The number of the fact or message that contains the text. */
  seq: number
  /** The id of the agent, or for a message that of its thread. */
  source: string
  /** The text, without control characters below U+0009. */
  text: string
}

/** An agent whose texts are searched. */
export type SearchedAgent = { id: string; name?: string; project: string }

/** The words that a passage must contain, and where it is from. `since` is in Unix milliseconds. */
export type PassageQuery = {
  words: readonly SearchWord[]
  agent?: string
  project?: string
  since?: number
  limit: number
}

/** A word, or several that must follow each other. With `isPrefix` the last one may be the beginning of a longer word. */
export type SearchWord = { text: string; isPrefix: boolean }

/** A passage that was found. `excerpt` is its part around a match, and `matches` are the ranges in it that match. */
export type FoundPassage = Omit<TextPassage, 'text'> & {
  name?: string
  project?: string
  excerpt: string
  matches: readonly (readonly [from: number, to: number])[]
}

/** The format of the index tables. Increase this number after each change of `passagesTablesSql`. */
export const passagesTableFormat = 1

/** `origin` has a word for the agent and one for the project of a passage, so that FTS5 finds a word and an origin together. */
export const passagesTablesSql = `
  CREATE TABLE marks (
    source TEXT PRIMARY KEY,
    place TEXT NOT NULL,
    seq INTEGER NOT NULL DEFAULT 0,
    first INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE agents (id TEXT PRIMARY KEY, name TEXT, project TEXT NOT NULL) STRICT;
  CREATE VIRTUAL TABLE passages USING fts5(
    text, origin, source UNINDEXED, kind UNINDEXED, seq UNINDEXED,
    tokenize = 'unicode61 remove_diacritics 2'
  )`

/**
 * The row numbers of one millisecond. The number of a row tells its time, so that the newest rows are found first, and those since a
 * time without a look at the others.
 */
const rowsPerMs = 1_024

/** Adds passages of agents that are in the table already, in a transaction of the store. */
export function insertPassages(store: SqliteStore, passages: readonly TextPassage[]): void {
  const inserted = 'INSERT INTO passages (rowid, text, origin, source, kind, seq) VALUES (?, ?, ?, ?, ?, ?)'
  const next = new Map<number, number>()
  const origins = new Map<string, string>()
  for (const { at, kind, seq, source, text } of passages) {
    const following = next.get(at)
    const row = following !== undefined && following < endOf(at) ? following : freeRow(store, at)
    next.set(at, row + 1)
    const origin = kind === 'mail' ? '' : (origins.get(source) ?? originOf(store, source))
    origins.set(source, origin)
    store.run(inserted, row, text, origin, source, kind, seq)
  }
}

function originOf(store: SqliteStore, agent: string): string {
  const found = store.rows(Project, 'SELECT project FROM agents WHERE id = ?', agent)
  return [
    createOriginSearchToken('agent', agent),
    ...found.map(({ project }) => createOriginSearchToken('project', project)),
  ].join(' ')
}

/** Returns a free row number for a millisecond; if all are used, one of a later millisecond. */
function freeRow(store: SqliteStore, at: number): number {
  // Reads FTS5's own content table, because FTS5 itself would read all rows.
  const newest = 'SELECT id AS rowid FROM passages_content WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1'
  const [row] = store.rows(RowNumber, newest, at * rowsPerMs, endOf(at))
  if (row === undefined) return at * rowsPerMs
  return row.rowid + 1 < endOf(at) ? row.rowid + 1 : freeRow(store, at + 1)
}

function endOf(at: number): number {
  return (at + 1) * rowsPerMs
}

/** A word that stands for an agent or a project, whatever characters its name has. */
export function createOriginSearchToken(kind: 'agent' | 'project', name: string): string {
  return createHash('sha256').update(`${kind} ${name}`).digest('hex').slice(0, 20)
}

/** Returns the newest passages that contain all words, newest first. */
export function findPassages(store: SqliteStore, query: PassageQuery): FoundPassage[] {
  const { words, agent, project, since = 0, limit } = query
  const origins = [
    ...(agent === undefined ? [] : [createOriginSearchToken('agent', agent)]),
    ...(project === undefined ? [] : [createOriginSearchToken('project', project)]),
  ]
  const match = [
    ...words.map(({ text, isPrefix }) => `text : "${text.replaceAll('"', '""')}"${isPrefix ? ' *' : ''}`),
    ...origins.map((token) => `origin : "${token}"`),
  ].join(' AND ')
  const excerpt = `snippet(passages, 0, char(${matchStart}), char(${matchEnd}), '…', 32)`
  return store.rows(
    FoundRow,
    `SELECT passages.rowid AS row, source, kind, seq, name, project, ${excerpt} AS excerpt
      FROM passages LEFT JOIN agents ON agents.id = source
      WHERE passages MATCH ? AND passages.rowid >= ? ORDER BY passages.rowid DESC LIMIT ?`,
    ...[match, since * rowsPerMs, limit],
  )
}

/** Control characters around a match, which no passage contains. */
const [matchStart, matchEnd] = [2, 3]

function readExcerpt(marked: string): Pick<FoundPassage, 'excerpt' | 'matches'> {
  const matches: [number, number][] = []
  let excerpt = ''
  for (const [index, part] of marked.split(String.fromCodePoint(matchStart)).entries()) {
    const [match = '', rest] = part.split(String.fromCodePoint(matchEnd))
    if (index > 0) matches.push([excerpt.length, excerpt.length + match.length])
    excerpt += match + (rest ?? '')
  }
  return { excerpt, matches }
}

const Project = z.object({ project: z.string() })

const RowNumber = z.object({ rowid: z.number() })

const FoundRow = z
  .object({
    row: z.number(),
    source: z.string(),
    kind: z.custom<SearchTextKind>(),
    seq: z.number(),
    name: z.string().nullable(),
    project: z.string().nullable(),
    excerpt: z.string(),
  })
  .transform(({ row, source, kind, seq, name, project, excerpt }): FoundPassage => ({
    at: Math.floor(row / rowsPerMs),
    ...{ kind, seq, source },
    ...(name !== null && { name }),
    ...(project !== null && { project }),
    ...readExcerpt(excerpt),
  }))
