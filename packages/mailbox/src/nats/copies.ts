import type { StreamInfo } from '@nats-io/jetstream'
import type { MailState } from '../mail-state.js'
import { createCopy, type Applied, type Copy } from './copy.js'
import type { Entry } from './read-log.js'

/** The copy that is read from, and beside it a new one while that is made: nobody ever reads half of a mailbox. */
export type Copies = {
  /** Undefined until the first one has all that the log had at its begin. */
  state(): MailState | undefined
  /** The line from which the log is to be read. */
  begin(log: StreamInfo): number
  take(entry: Entry): Applied
  close(): void
}

export function createCopies({ onReplaced }: { onReplaced: () => void }): Copies {
  let serving: Copy | undefined
  let filling: Copy | undefined
  let goal = 0
  const serveWhenFull = (): void => {
    if (filling === undefined || filling === serving || filling.sequence() < goal) return
    serving?.close()
    serving = filling
    onReplaced()
  }
  const drop = (): void => {
    if (filling !== serving) filling?.close()
    filling = undefined
  }
  return {
    state: () => serving?.state,
    begin: (log) => {
      if (filling?.continuedBy(log) === false) drop()
      filling ??= createCopy(log.created)
      goal = log.state.messages === 0 ? 0 : log.state.last_seq
      serveWhenFull()
      return Math.max(1, filling.sequence())
    },
    take: (entry) => {
      const applied = filling?.apply(entry) ?? { type: 'discontinued' }
      if (applied.type === 'discontinued') drop()
      serveWhenFull()
      return applied
    },
    close: () => {
      drop()
      serving?.close()
      serving = undefined
    },
  }
}
