import type { Mailbox, MailList } from '@subagent-mcp/mailbox'
import { api } from '../api/api.js'
import { longestPoll } from '../api/mail-bodies.js'
import type { Ask } from './keep-asking.js'

/** The mailbox of the house, asked over the daemon's socket. */
export type MailClient = Pick<
  Mailbox,
  | 'agents'
  | 'send'
  | 'reply'
  | 'publish'
  | 'next'
  | 'renew'
  | 'acknowledge'
  | 'release'
  | 'read'
  | 'inbox'
  | 'threads'
  | 'thread'
  | 'dead'
  | 'count'
  | 'revive'
>

/** Who asks: by that the daemon knows an agent from a person. */
export type DaemonSelf = { pid: number; environment: Readonly<Record<string, string>> }

/** A client of the mailbox. */
export function createMailClient(ask: Ask, self: DaemonSelf | undefined): MailClient {
  return {
    ...sending(ask, self),
    ...taking(ask),
    agents: async () => (await ask(api.mailAgents)).agents,
    inbox: async (agent, page) => (await ask(api.mailInbox, { query: { agent, ...page } })).messages,
    threads: async (query) => (await ask(api.mailThreads, { query })).threads,
    thread: async (id, page = {}) => (await ask(api.mailThread, { params: { id }, query: page })).messages,
    dead: async (query) => (await ask(api.deadLetters, { query })).messages,
    count: async (list) => (await shortest(ask, list)).total,
    revive: async (id) => (await ask(api.reviveLetter, { params: { id } })).message,
  }
}

/** Each page tells how much there is. @throws SubagentError `unknown-message` for a thread that there is not */
function shortest(ask: Ask, list: MailList): Promise<{ total: number }> {
  switch (list.of) {
    case 'inbox':
      return ask(api.mailInbox, { query: { agent: list.agent, limit: 1 } })
    case 'thread':
      return ask(api.mailThread, { params: { id: list.id }, query: { limit: 1 } })
    case 'threads':
      return ask(api.mailThreads, { query: { agent: list.agent, limit: 1 } })
    case 'dead':
      return ask(api.deadLetters, { query: { agent: list.agent, limit: 1 } })
  }
}

function sending(ask: Ask, known: DaemonSelf | undefined): Pick<MailClient, 'send' | 'reply' | 'publish'> {
  const self = known && { pid: known.pid, environment: ownVariables(known.environment) }
  return {
    send: (order) => ask(api.sendMail, { body: { ...order, ...self } }),
    reply: ({ message, ...order }) =>
      ask(api.replyToMail, { params: { id: message }, body: { ...order, ...self } }),
    publish: (order) => ask(api.publishEvent, { body: { ...order, ...self } }),
  }
}

/** Those that say whose session it is in: the rest is not the mailbox's business. */
function ownVariables(environment: DaemonSelf['environment']): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('SUBAGENT_MCP_')))
}

function taking(ask: Ask): Pick<MailClient, 'next' | 'renew' | 'acknowledge' | 'release' | 'read'> {
  return {
    next: async (order, signal) => {
      const isOver = (): boolean => signal.aborted
      let left = order.waitMs
      while (!isOver()) {
        const waitMs = Math.min(left, longestPoll)
        left -= waitMs
        try {
          const { batch } = await ask(api.nextMail, { body: { ...order, waitMs }, signal })
          if (batch || left <= 0) return batch
        } catch (error) {
          if (!isOver()) throw error
        }
      }
      return undefined
    },
    renew: async (id, leaseMs) => (await ask(api.renewTake, { params: { id }, body: { leaseMs } })).held,
    acknowledge: async (id, ids) =>
      (await ask(api.acknowledgeTake, { params: { id }, body: { ...(ids && { ids }) } })).ids,
    release: async (id, order = {}) => {
      await ask(api.releaseTake, { params: { id }, body: order })
    },
    read: async (order) => (await ask(api.readMail, { body: order })).messages,
  }
}
