import { openMemoryStore } from '@subagent-mcp/journal'
import type { StreamInfo } from '@nats-io/jetstream'
import type { Command } from '../command.js'
import { createMailState } from '../create-mail-state.js'
import type { MailState } from '../mail-state.js'
import type { Outcome } from '../outcome.js'
import { decode } from './envelope.js'
import type { Entry } from './read-log.js'

/** This machine's copy of the mailbox: the log's commands, applied in their order. */
export type Copy = {
  state: MailState
  /** The last line that is in it; 0 when none is. */
  sequence(): number
  /** Whether the log as it is now can continue it: it is the same log, and nothing is missing in between. */
  continuedBy(log: StreamInfo): boolean
  /** `discontinued`: the line does not follow; then the copy has to be made anew. */
  apply(entry: Entry): Applied
  close(): void
}

export type Applied =
  | { type: 'applied'; id: string; command: Command; outcome: Outcome; at: number }
  /** It is in the copy already. */
  | { type: 'known' }
  | { type: 'unreadable'; problem: string }
  /** It changed nothing, here and on every other machine: a command that the state cannot bear. */
  | { type: 'failed'; id: string; cause: unknown }
  | { type: 'discontinued' }

/** An empty one, of a log that was made at a time. */
export function createCopy(created: string): Copy {
  const store = openMemoryStore()
  const state = createMailState(store)
  const repeats = createRepeats()
  let last = { sequence: 0, stamp: '' }
  let latest = 0
  return {
    state,
    sequence: () => last.sequence,
    continuedBy: (log) =>
      last.sequence === 0 ||
      (log.created === created &&
        log.state.last_seq >= last.sequence &&
        log.state.first_seq <= last.sequence + 1),
    apply: ({ sequence, stamp, data }) => {
      // Reading begins with the last line that is here: a log that was set back to a backup has another in its place.
      if (sequence === last.sequence && stamp === last.stamp) return { type: 'known' }
      if (sequence <= last.sequence) return { type: 'discontinued' }
      last = { sequence, stamp }
      const at = millisecondsOf(stamp)
      latest = Math.max(latest, at)
      const line = decode(data)
      if (typeof line === 'string') return { type: 'unreadable', problem: line }
      if (repeats.isRepeat(line.id, latest)) return { type: 'known' }
      try {
        return { type: 'applied', ...line, outcome: state.apply(line.command, at), at }
      } catch (cause) {
        // One bad line must not stop every machine for ever.
        return { type: 'failed', id: line.id, cause }
      }
    },
    close: () => store.close(),
  }
}

/** Nanoseconds are beyond what a number holds exactly. */
function millisecondsOf(stamp: string): number {
  return Number(stamp.slice(0, -6))
}

/** The ids of late commands, by the log's own time: every copy forgets them at the same line. */
function createRepeats() {
  const known = new Map<string, number>()
  return {
    isRepeat: (id: string, at: number): boolean => {
      if (known.has(id)) return true
      known.set(id, at)
      for (const [old, since] of known) {
        if (at - since < rememberedMs) break
        known.delete(old)
      }
      return false
    },
  }
}

/** Much longer than anybody repeats a command. */
const rememberedMs = 600_000
