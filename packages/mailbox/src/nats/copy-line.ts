import { SubagentError } from '@subagent-mcp/contract'
import type { Store } from '@subagent-mcp/journal'
import { z } from 'zod'
import { longestClockDrift } from '../mail-state.js'
import { decode } from './envelope.js'
import type { LogEntry } from './read-log.js'

/** Up to where a copy has its log, kept beside the state, so that a file of it can be gone on with. */
export type CopyLine = {
  /** The log's stream, and when that was made: with either another it is another log. */
  log: LogIdentity
  /** Of the last line that is in it; 0 when none is. */
  sequence(): number
  stamp(): string
  /** The next line is in it. Returns when that counts, Unix milliseconds. */
  pass(entry: Omit<LogEntry, 'data'>): number
  /** Whether a command with the line's id came before, of late; if not it is known from now on. */
  isRepeat(id: string): boolean
  /** The line cannot be read by this version. Inside `write`. */
  passOver(data: Uint8Array): void
  /** The last of each transaction. */
  write(): void
}

export type LogIdentity = { stream: string; created: string }

/**
 * Raised when the tables below change, and when the same commands lead to other rows than before: a copy that an older
 * version began is made anew then, and is what a new one would be.
 */
export const copyFormat = 2

/** Of what is in the store, or of a log from its begin. @throws SubagentError `io-failed` for what cannot be gone on with */
export function openCopyLine(store: Store, log: LogIdentity): CopyLine {
  if (!isMade(store)) store.write(() => make(store, log))
  const { stream, created, ...found } = readLine(store)
  let { sequence, stamp, latest } = found
  const repeats = createRepeats(store)
  return {
    log: { stream, created },
    sequence: () => sequence,
    stamp: () => stamp,
    pass: (entry) => {
      ;({ sequence, stamp } = entry)
      const at = millisecondsOf(stamp)
      // As the state's own time: a clock that was far ahead and is set right takes it back.
      latest = latest - at > longestClockDrift ? at : Math.max(latest, at)
      return at
    },
    isRepeat: (id) => repeats.isRepeat(id, latest),
    passOver: (data) => {
      store.run('INSERT INTO mailCopyUnread VALUES (?)', new TextDecoder().decode(data))
    },
    write: () => {
      store.run('UPDATE mailCopy SET sequence = ?, stamp = ?, latest = ?', sequence, stamp, latest)
      repeats.write()
    },
  }
}

function isMade(store: Store): boolean {
  return store.rows(z.unknown(), "SELECT 1 FROM sqlite_schema WHERE name = 'mailCopy'").length > 0
}

/** `mailFormat` is the state's own, when the copy was begun. */
function make(store: Store, { stream, created }: LogIdentity): void {
  store.execute(`
    CREATE TABLE mailCopy (
      format INTEGER NOT NULL,
      mailFormat INTEGER NOT NULL,
      stream TEXT NOT NULL,
      created TEXT NOT NULL,
      sequence INTEGER NOT NULL DEFAULT 0,
      stamp TEXT NOT NULL DEFAULT '',
      latest INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE mailCopyIds (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX mailCopyIdsByAge ON mailCopyIds (at);
    CREATE TABLE mailCopyUnread (line TEXT NOT NULL) STRICT;
  `)
  store.run(
    'INSERT INTO mailCopy (format, mailFormat, stream, created) SELECT ?, format, ?, ? FROM mailFormat',
    ...[copyFormat, stream, created],
  )
}

function readLine(store: Store): Line {
  const formats = 'SELECT mailCopy.*, mailFormat.format AS nowFormat FROM mailCopy, mailFormat'
  const found = store.rows(Formats, formats)[0]
  if (found?.format !== copyFormat || found.mailFormat !== found.nowFormat) {
    throw unusable('has another version’s format')
  }
  const unread = store.rows(z.object({ line: z.string() }), 'SELECT line FROM mailCopyUnread')
  const encoder = new TextEncoder()
  if (unread.some(({ line }) => typeof decode(encoder.encode(line)) !== 'string')) {
    throw unusable('lacks commands that an older version could not read')
  }
  return Line.parse(found)
}

const Formats = z.looseObject({ format: z.number(), mailFormat: z.number(), nowFormat: z.number() })
const Line = z.object({
  stream: z.string(),
  created: z.string(),
  sequence: z.number(),
  stamp: z.string(),
  latest: z.number(),
})
type Line = z.infer<typeof Line>

function unusable(why: string): SubagentError {
  return new SubagentError('io-failed', `it ${why}`, { hint: 'it is made anew from the log' })
}

/** Nanoseconds are beyond what a number holds exactly. */
function millisecondsOf(stamp: string): number {
  return Number(stamp.slice(0, -6))
}

/** The ids of late commands, by the log's own time: every copy forgets them at the same line. */
function createRepeats(store: Store) {
  const found = store.rows(KnownId, 'SELECT id, at FROM mailCopyIds ORDER BY at')
  const known = new Map(found.map(({ id, at }) => [id, at]))
  let newest = found.at(-1)?.at ?? 0
  let added: [id: string, at: number][] = []
  let forgotten = 0
  /** What came with a time that is still to come came now. Else it, and all after it, would be known until then. */
  const setBack = (at: number): void => {
    for (const [id, since] of known) known.set(id, Math.min(since, at))
    added = [...known]
    forgotten = Number.MAX_SAFE_INTEGER
  }
  return {
    isRepeat: (id: string, at: number): boolean => {
      if (at < newest) setBack(at)
      newest = at
      if (known.has(id)) return true
      known.set(id, at)
      added.push([id, at])
      for (const [old, since] of known) {
        if (at - since < rememberedMs) break
        known.delete(old)
        forgotten = Math.max(forgotten, since)
      }
      return false
    },
    /** All at once: a statement for each would take longer than many a command. */
    write: () => {
      store.run('DELETE FROM mailCopyIds WHERE at <= ?', forgotten)
      const rows = 'SELECT value ->> 0, value ->> 1 FROM json_each(?)'
      const left = added.filter(([id]) => known.has(id))
      store.run(`INSERT OR REPLACE INTO mailCopyIds ${rows}`, JSON.stringify(left))
      added = []
      forgotten = 0
    },
  }
}

const KnownId = z.object({ id: z.string(), at: z.number() })

/** Much longer than anybody repeats a command. */
const rememberedMs = 600_000
