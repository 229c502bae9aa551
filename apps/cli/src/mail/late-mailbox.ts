import { SubagentError } from '@subagent-mcp/contract'
import type { Mailbox, MailboxHealth } from '@subagent-mcp/mailbox'

/** A mailbox that is opened by the first who asks something of it, or before. */
export type LateMailbox = Mailbox & {
  /** Opens it, so that nobody need wait for that later. Never rejects. */
  begin(): Promise<void>
}

/** How a mailbox is opened, and what is said of it before it is. */
export type LateMailboxParts = {
  /** Asked again after it has failed. @throws SubagentError */
  open(): Promise<Mailbox>
  kept: Pick<MailboxHealth, 'kind' | 'where'>
}

/** Nobody waits for a server that is away but those who ask something of the mailbox: for them it is opened again. */
export function lateMailbox({ open, kept }: LateMailboxParts): LateMailbox {
  let mailbox: Mailbox | undefined
  let opening: Promise<Mailbox> | undefined
  let isClosed = false
  let problem = 'it is not open yet'
  const changes = createChanges()
  const tryToOpen = async (): Promise<Mailbox> => {
    try {
      const opened = isClosed ? undefined : await open()
      // It may have been closed meanwhile.
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

/** Who listens may have come before there is anything to listen to. */
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
    register: async (order) => (await opened()).register(order),
    leave: async (instance) => (await opened()).leave(instance),
    agents: async () => (await opened()).agents(),
    send: async (order) => (await opened()).send(order),
    reply: async (order) => (await opened()).reply(order),
    publish: async (order) => (await opened()).publish(order),
    next: async (order, signal) => (await opened()).next(order, signal),
    renew: async (take, leaseMs) => (await opened()).renew(take, leaseMs),
    acknowledge: async (take, ids) => (await opened()).acknowledge(take, ids),
    release: async (take, order) => (await opened()).release(take, order),
    read: async (order) => (await opened()).read(order),
    inbox: async (agent, page) => (await opened()).inbox(agent, page),
    quiet: async (agent, page) => (await opened()).quiet(agent, page),
    waiting: async () => (await opened()).waiting(),
    threads: async (query) => (await opened()).threads(query),
    thread: async (id, page) => (await opened()).thread(id, page),
    dead: async (query) => (await opened()).dead(query),
    count: async (list) => (await opened()).count(list),
    revive: async (id) => (await opened()).revive(id),
    tidy: async () => (await opened()).tidy(),
  }
}
