import { SubagentError } from '@subagent-mcp/contract'
import type { Mailbox, MailboxHealth } from '@subagent-mcp/mailbox'

/** A mailbox that is opened by its first call, or by `begin`. */
export type LazyMailbox = Mailbox & {
  /** Opens the mailbox before its first call. Never rejects. */
  begin(): Promise<void>
}

type LateMailboxParts = {
  /** Opens the mailbox. It is called again after a failure. @throws SubagentError */
  open(): Promise<Mailbox>
  /** The health report of a mailbox that is not open. */
  kept: Pick<MailboxHealth, 'kind' | 'where'>
}

/** Creates a mailbox that opens late. While it cannot be opened, each call tries again and rejects with the reason. */
export function createLazyMailbox({ open, kept }: LateMailboxParts): LazyMailbox {
  let mailbox: Mailbox | undefined
  let opening: Promise<Mailbox> | undefined
  let isClosed = false
  let problem = 'it is not open yet'
  const changes = createChanges()
  const tryToOpen = async (): Promise<Mailbox> => {
    try {
      const opened = isClosed ? undefined : await open()
      // The mailbox may have been closed while it was opened.
      if (isClosed) await opened?.close()
      else mailbox = opened
      mailbox?.onChange(changes.tell)
      if (mailbox) return mailbox
      throw new SubagentError('mailbox-unreachable', 'the mailbox is closed')
    } catch (error) {
      if (error instanceof SubagentError) problem = error.message
      throw error
    } finally {
      opening = undefined
    }
  }
  const opened = (): Promise<Mailbox> => (mailbox ? Promise.resolve(mailbox) : (opening ??= tryToOpen()))
  const begin = async (): Promise<void> => {
    try {
      await opened()
    } catch (error) {
      if (!(error instanceof SubagentError)) throw error
    }
  }
  return {
    ...calls(opened),
    begin,
    onChange: changes.listen,
    health: async () => {
      const begun = begin()
      if (kept.kind === 'sqlite') await begun
      return mailbox ? mailbox.health() : { ...kept, reachable: false, problem }
    },
    close: async () => {
      isClosed = true
      await mailbox?.close()
      mailbox = undefined
    },
  }
}

/** Collects listeners, also before the mailbox is open. */
function createChanges() {
  const listeners = new Set<(agents: readonly string[]) => void>()
  return {
    listen: (listener: (agents: readonly string[]) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell: (agents: readonly string[]): void => {
      for (const listener of [...listeners]) listener(agents)
    },
  }
}

function calls(opened: () => Promise<Mailbox>): Omit<Mailbox, 'onChange' | 'health' | 'close'> {
  return {
    register: async (options) => (await opened()).register(options),
    leave: async (instance) => (await opened()).leave(instance),
    agents: async () => (await opened()).agents(),
    send: async (options) => (await opened()).send(options),
    reply: async (options) => (await opened()).reply(options),
    publish: async (options) => (await opened()).publish(options),
    next: async (options, signal) => (await opened()).next(options, signal),
    renew: async (take, leaseMs) => (await opened()).renew(take, leaseMs),
    acknowledge: async (take, ids) => (await opened()).acknowledge(take, ids),
    release: async (take, options) => (await opened()).release(take, options),
    read: async (options) => (await opened()).read(options),
    inbox: async (agent, page) => (await opened()).inbox(agent, page),
    quiet: async (agent, page) => (await opened()).quiet(agent, page),
    waiting: async () => (await opened()).waiting(),
    threads: async (query) => (await opened()).threads(query),
    thread: async (id, page) => (await opened()).thread(id, page),
    dead: async (query) => (await opened()).dead(query),
    sent: async (page) => (await opened()).sent(page),
    count: async (list) => (await opened()).count(list),
    revive: async (id) => (await opened()).revive(id),
    tidy: async () => (await opened()).tidy(),
  }
}
