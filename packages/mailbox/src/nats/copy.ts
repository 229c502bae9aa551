import type { Clock, SubagentError } from '@subagent-mcp/contract'
import type { StreamInfo } from '@nats-io/jetstream'
import type { Command } from '../command.js'
import { createSqlState } from '../sql/sql-state.js'
import type { MailState } from '../mail-state.js'
import type { MailOutcome } from '../outcome.js'
import { batchedStore, type BatchedStore } from './batched-store.js'
import { openCopyLine, type CopyLine } from './copy-line.js'
import type { CopyPlace } from './copy-places.js'
import { decode } from './envelope.js'
import type { LogEntry } from './read-log.js'

/** This machine's copy of the mailbox: the log's commands, applied in their order. */
export type MailboxCopy = {
  state: MailState
  /** The last line that is in it; 0 when none is. */
  sequence(): number
  /** Whether the log as it is now can continue it: it is the same log, and nothing is missing in between. */
  continuedBy(log: StreamInfo): boolean
  /** `discontinued`: the line does not follow; then the copy has to be made anew. */
  apply(entry: LogEntry): AppliedEntry
  /** A file stays, to be gone on with. */
  close(): void
  /** Its file too. */
  remove(): void
}

export type AppliedEntry =
  | { type: 'applied'; id: string; command: Command; outcome: MailOutcome; at: number }
  /** It is in the copy already. */
  | { type: 'known' }
  | { type: 'unreadable'; problem: string }
  /** It changed nothing, here and on every other machine: a command that the state cannot bear. */
  | { type: 'failed'; id: string; cause: unknown }
  | { type: 'discontinued' }
  /** There is no copy that could take it. */
  | { type: 'lost' }

export type CopyOrder = {
  place: CopyPlace
  log: StreamInfo
  clock: Pick<Clock, 'after'>
  /** Its file failed after it was opened: it answers what it can and takes no more. */
  onLost(cause: SubagentError): void
}

/** Goes on with what is in the place, or begins with nothing. @throws SubagentError `io-failed` */
export function openCopy({ place, log, clock, onLost }: CopyOrder): MailboxCopy {
  const later: { line?: CopyLine } = {}
  const store = batchedStore(place.store, {
    clock,
    beforeCommit: () => later.line?.write(),
    // Before, who opens hears it.
    onLost: (cause) => later.line && onLost(cause),
  })
  const state = createSqlState(store)
  const line = openCopyLine(store, { stream: log.config.name, created: log.created })
  store.flush()
  later.line = line
  return {
    state,
    sequence: line.sequence,
    continuedBy: (now) => !store.isLost() && isContinued(line, now),
    apply: (entry) => applyTo({ store, state, line }, entry),
    close: store.close,
    remove: () => {
      store.close()
      place.remove()
    },
  }
}

function isContinued(line: CopyLine, { config, created, state }: StreamInfo): boolean {
  const isSame = line.log.created === created && line.log.stream === config.name
  const [last, first] = [line.sequence(), state.first_seq]
  return isSame ? last === 0 || (state.last_seq >= last && first <= last + 1) : false
}

type Parts = { store: BatchedStore; state: MailState; line: CopyLine }

function applyTo(parts: Parts, entry: LogEntry): AppliedEntry {
  const { store, line } = parts
  if (store.isLost()) return { type: 'lost' }
  // Reading begins with the last line that is here: a log that was set back to a backup has another in its place.
  if (entry.sequence === line.sequence() && entry.stamp === line.stamp()) return { type: 'known' }
  if (entry.sequence <= line.sequence()) return { type: 'discontinued' }
  try {
    return store.together(() => take(parts, entry))
  } catch (cause) {
    if (!store.isLost()) throw cause
    return { type: 'lost' }
  }
}

function take({ store, state, line }: Parts, entry: LogEntry): AppliedEntry {
  const at = line.pass(entry)
  const read = decode(entry.data)
  if (typeof read === 'string') {
    line.passOver(entry.data)
    return { type: 'unreadable', problem: read }
  }
  if (line.isRepeat(read.id)) return { type: 'known' }
  try {
    return { type: 'applied', ...read, outcome: state.apply(read.command, at), at }
  } catch (cause) {
    // One bad line must not stop every machine for ever; a bad disk is not the line's fault.
    if (store.isLost()) throw cause
    return { type: 'failed', id: read.id, cause }
  }
}
