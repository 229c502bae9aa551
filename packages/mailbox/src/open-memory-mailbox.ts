import { systemClock, type Clock } from '@subagent-mcp/contract'
import { createMailbox } from './create-mailbox.js'
import { defaultMailboxLimits, type MailHandler, type Mailbox, type MailboxLimits } from './mailbox.js'
import { createMailListeners } from './mail-listeners.js'
import { createMemoryMailState } from './memory/memory-state.js'
import type { MailboxStorage } from './mailbox-storage.js'
import { waitForNextMail } from './wait-for-next-mail.js'

export type MemoryMailboxOptions = {
  /** The clock of the mailbox. Default: the system's clock. */
  clock?: Clock
  rules?: Partial<MailboxLimits>
  /** Whether the process of a handler runs. Default: it does, because handlers are in this process. */
  isAlive?: (handler: MailHandler) => boolean
}

export function openMemoryMailbox(options: MemoryMailboxOptions = {}): Mailbox {
  return createSharedMemoryMailData(options.clock).open(options)
}

export function createSharedMemoryMailData(clock: Clock = systemClock): {
  open(options: Omit<MemoryMailboxOptions, 'clock'>): Mailbox
} {
  const state = createMemoryMailState()
  const { tell, onChange, addWaiter } = createMailListeners()
  return {
    open: ({ rules, isAlive = () => true }) => {
      const watch = () => ({ lookNow: () => undefined, end: () => undefined })
      const local = { state, now: clock.now, addWaiter, watch }
      const backing: MailboxStorage = {
        run: async (command) => {
          await Promise.resolve() // an error is a rejection
          const outcome = state.apply(command, clock.now())
          tell(outcome.changed)
          return outcome
        },
        reads: state,
        next: (call) => waitForNextMail(local, call),
        keeper: 'memory',
        isGone: (handler) => !isAlive(handler),
        onChange,
        health: () => Promise.resolve({ kind: 'memory', where: 'this process', reachable: true }),
        close: () => Promise.resolve(),
      }
      return createMailbox({ backing, rules: { ...defaultMailboxLimits, ...rules }, clock })
    },
  }
}
