import { SubagentError } from '@subagent-mcp/contract'
import type { StreamInfo } from '@nats-io/jetstream'
import type { MailState } from '../mail-state.js'
import { openCopy, type AppliedEntry, type MailboxCopy } from './copy.js'
import { createCopyPlaces, type CopyPlacesOrder } from './copy-places.js'
import type { LogEntry } from './read-log.js'

/** The copy that is read from, and beside it a new one while that is made: nobody ever reads half of a mailbox. */
export type Copies = {
  /** Undefined until the first one has all that the log had at its begin. */
  state(): MailState | undefined
  /** The line from which the log is to be read. `onLost`: the copy takes no more, and reading has to begin anew. */
  begin(log: StreamInfo, onLost: () => void): number
  take(entry: LogEntry): AppliedEntry
  /** What is in a file stays, to be gone on with. */
  close(): void
}

export type CopiesOrder = CopyPlacesOrder & { onReplaced: () => void }

export function createCopies(order: CopiesOrder): Copies {
  let serving: MailboxCopy | undefined
  let filling: MailboxCopy | undefined
  let lost = (): void => undefined
  const opener = createOpener({ ...order, onLost: () => lost() })
  let goal = 0
  /** The log has the last line of what was found in a file, or lost it: else this may be the state of another mailbox. */
  let isSure = false
  const serveWhenFull = (): void => {
    if (filling === undefined || filling === serving || !isSure || filling.sequence() < goal) return
    serving?.remove()
    serving = filling
    order.onReplaced()
  }
  const drop = (): void => {
    if (filling !== serving) filling?.remove()
    filling = undefined
  }
  return {
    state: () => serving?.state,
    begin: (log, onLost) => {
      lost = onLost
      if (filling?.continuedBy(log) === false) drop()
      filling ??= opener.open(log)
      goal = lastIn(log)
      isSure = filling.sequence() === 0 || !isIn(log, filling.sequence())
      serveWhenFull()
      return Math.max(1, filling.sequence())
    },
    take: (entry) => {
      const applied = filling?.apply(entry) ?? { type: 'lost' }
      if (applied.type === 'discontinued' || applied.type === 'lost') drop()
      else isSure = true
      serveWhenFull()
      return applied
    },
    close: () => {
      if (filling !== serving) serving?.remove()
      filling?.close()
      filling = undefined
      serving = undefined
      opener.close()
    },
  }
}

/** The last line that will be read; 0 when there is none. */
function lastIn({ state }: StreamInfo): number {
  const removed = new Set(state.deleted)
  let last = state.messages === 0 ? 0 : state.last_seq
  while (removed.has(last)) last -= 1
  return last
}

/** Whether a line that came is still there. */
function isIn({ state }: StreamInfo, sequence: number): boolean {
  return sequence >= state.first_seq && !new Set(state.deleted).has(sequence) // a server may leave them out
}

function createOpener(order: CopyPlacesOrder & { onLost(): void }) {
  const places = createCopyPlaces(order)
  const onLost = (cause: SubagentError): void => {
    places.giveUp(cause.message)
    order.onLost()
  }
  /** Undefined for a place that is of no use. */
  const tryNext = (log: StreamInfo): MailboxCopy | undefined => {
    const place = places.next()
    let why = 'it is of another log'
    try {
      const copy = openCopy({ place, log, clock: order.clock, onLost })
      if (copy.continuedBy(log)) return copy
      copy.remove()
    } catch (cause) {
      if (!(cause instanceof SubagentError) || place.kind === 'memory') throw cause
      why = cause.message
      place.store.close()
      place.remove()
    }
    if (place.kind === 'new') places.giveUp(why)
    else order.log(`this machine’s copy of the mailbox is made anew from the log: ${why}`)
    return undefined
  }
  return {
    close: places.close,
    open: (log: StreamInfo): MailboxCopy => {
      for (;;) {
        const copy = tryNext(log)
        if (copy !== undefined) return copy
      }
    },
  }
}
