import { api, askerHeaders, longestPoll } from '@subagent-mcp/api'
import type { Ask } from './keep-asking.js'
import type { Answer, Body, Query } from './table-types.js'

/** The daemon's mailbox. What each method takes and resolves with is that of an endpoint of the HTTP API. */
export type MailClient = {
  agents(): Promise<Answer<'mailAgents'>['agents']>
  send(message: Sent<'sendMail'>): Promise<Answer<'sendMail'>>
  reply(reply: Sent<'replyToMail'> & { message: string }): Promise<Answer<'replyToMail'>>
  publish(event: Sent<'publishEvent'>): Promise<Answer<'publishEvent'>>
  /** Waits as long as `waitMs` says, over several requests where that is longer than one may take. */
  next(query: Body<'nextMail'>, signal: AbortSignal): Promise<Answer<'nextMail'>['batch']>
  renew(take: string, leaseMs: number): Promise<boolean>
  /** Without ids: all of what was taken. */
  acknowledge(take: string, ids?: readonly string[]): Promise<Answer<'acknowledgeTake'>['ids']>
  release(take: string, options?: Body<'releaseTake'>): Promise<void>
  read(query: Body<'readMail'>): Promise<Answer<'readMail'>['messages']>
  inbox(agent: string, page?: Omit<Query<'mailInbox'>, 'agent'>): Promise<Answer<'mailInbox'>['messages']>
  threads(query: Query<'mailThreads'>): Promise<Answer<'mailThreads'>['threads']>
  thread(id: string, page?: Query<'mailThread'>): Promise<Answer<'mailThread'>['messages']>
  dead(query: Query<'deadLetters'>): Promise<Answer<'deadLetters'>['messages']>
  count(list: MailList): Promise<number>
  revive(id: string): Promise<Answer<'reviveLetter'>['message']>
}

/** Who sends a message, as far as the sender says it. The daemon refuses `mailbox`, which is its own. */
export type Sender = Omit<Body<'sendMail'>['from'], 'through'> & {
  through?: Answer<'sendMail'>['message']['from']['through']
}

/** A body without what `self` of the client says. */
type Sent<Name extends 'sendMail' | 'replyToMail' | 'publishEvent'> = { from: Sender } & Omit<
  Body<Name>,
  'from' | 'pid' | 'environment'
>

/** A list of the mailbox. */
export type MailList =
  | { of: 'inbox'; agent: string }
  | { of: 'thread'; id: string }
  | { of: 'threads' | 'dead'; agent?: string }

/** Who asks: by that the daemon knows an agent from a person. */
export type DaemonSelf = { pid: number; environment: Readonly<Record<string, string>> }

/** A client of the mailbox. */
export function createMailClient(anybody: Ask, self: DaemonSelf | undefined): MailClient {
  const headers = self && askerHeaders(self)
  const ask: Ask = (endpoint, input) => anybody(endpoint, { ...input, ...(headers && { headers }) })
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
