import { daemonApi, longestMailWaitMs, type RequestingProcess } from '@subagent-mcp/api'
import type { DaemonRequestSender } from './daemon-request-sender.js'
import type { EndpointAnswer, EndpointBody, EndpointQuery } from './endpoint-types.js'

/** A client of the daemon's mailbox; each method is an endpoint of the HTTP API. */
export type MailClient = {
  agents(): Promise<EndpointAnswer<'mailAgents'>['agents']>
  send(message: Sent<'sendMail'>): Promise<EndpointAnswer<'sendMail'>>
  reply(reply: Sent<'replyToMail'> & { message: string }): Promise<EndpointAnswer<'replyToMail'>>
  publish(event: Sent<'publishEvent'>): Promise<EndpointAnswer<'publishEvent'>>
  /** Takes the next messages of an agent, waiting up to `waitMs`, over several requests where that is longer than one may take. */
  next(query: EndpointBody<'nextMail'>, signal: AbortSignal): Promise<EndpointAnswer<'nextMail'>['batch']>
  renew(take: string, leaseMs: number): Promise<boolean>
  /** Marks messages of the taken batch as handled: those with these ids, or all without `ids`. */
  acknowledge(take: string, ids?: readonly string[]): Promise<EndpointAnswer<'acknowledgeTake'>['ids']>
  release(take: string, options?: EndpointBody<'releaseTake'>): Promise<void>
  read(query: EndpointBody<'readMail'>): Promise<EndpointAnswer<'readMail'>['messages']>
  inbox(
    agent: string,
    page?: Omit<EndpointQuery<'mailInbox'>, 'agent'>,
  ): Promise<EndpointAnswer<'mailInbox'>['messages']>
  threads(query: EndpointQuery<'mailThreads'>): Promise<EndpointAnswer<'mailThreads'>['threads']>
  thread(id: string, page?: EndpointQuery<'mailThread'>): Promise<EndpointAnswer<'mailThread'>['messages']>
  dead(query: EndpointQuery<'deadLetters'>): Promise<EndpointAnswer<'deadLetters'>['messages']>
  count(list: MailListReference): Promise<number>
  revive(id: string): Promise<EndpointAnswer<'reviveLetter'>['message']>
}

/** The sender as the request names it. The daemon refuses the name `mailbox`, which it uses itself. */
export type MailSender = Omit<EndpointBody<'sendMail'>['from'], 'through'> & {
  through?: EndpointAnswer<'sendMail'>['message']['from']['through']
}

/** The body of a mail request without the fields that the client fills in from `self`. */
type Sent<Name extends 'sendMail' | 'replyToMail' | 'publishEvent'> = { from: MailSender } & Omit<
  EndpointBody<Name>,
  'from' | 'pid' | 'environment'
>

/** Names a list in the mailbox: an inbox, a thread, all threads, or the dead letters. */
export type MailListReference =
  | { of: 'inbox'; agent: string }
  | { of: 'thread'; id: string }
  | { of: 'threads' | 'dead'; agent?: string }

export function createMailClient(ask: DaemonRequestSender, self: RequestingProcess | undefined): MailClient {
  return {
    ...sending(ask, self),
    ...taking(ask),
    agents: async () => (await ask(daemonApi.mailAgents)).agents,
    inbox: async (agent, page) => (await ask(daemonApi.mailInbox, { query: { agent, ...page } })).messages,
    threads: async (query) => (await ask(daemonApi.mailThreads, { query })).threads,
    thread: async (id, page = {}) =>
      (await ask(daemonApi.mailThread, { params: { id }, query: page })).messages,
    dead: async (query) => (await ask(daemonApi.deadLetters, { query })).messages,
    count: async (list) => (await shortest(ask, list)).total,
    revive: async (id) => (await ask(daemonApi.reviveLetter, { params: { id } })).message,
  }
}

/** Requests one item of a mailbox list, to learn the list's total. @throws SubagentError `unknown-message` for an unknown thread */
function shortest(ask: DaemonRequestSender, list: MailListReference): Promise<{ total: number }> {
  switch (list.of) {
    case 'inbox':
      return ask(daemonApi.mailInbox, { query: { agent: list.agent, limit: 1 } })
    case 'thread':
      return ask(daemonApi.mailThread, { params: { id: list.id }, query: { limit: 1 } })
    case 'threads':
      return ask(daemonApi.mailThreads, { query: { agent: list.agent, limit: 1 } })
    case 'dead':
      return ask(daemonApi.deadLetters, { query: { agent: list.agent, limit: 1 } })
  }
}

function sending(
  ask: DaemonRequestSender,
  known: RequestingProcess | undefined,
): Pick<MailClient, 'send' | 'reply' | 'publish'> {
  const self = known && { pid: known.pid, environment: ownVariables(known.environment) }
  return {
    send: (order) => ask(daemonApi.sendMail, { body: { ...order, ...self } }),
    reply: ({ message, ...order }) =>
      ask(daemonApi.replyToMail, { params: { id: message }, body: { ...order, ...self } }),
    publish: (order) => ask(daemonApi.publishEvent, { body: { ...order, ...self } }),
  }
}

/** Returns the variables that begin with `SUBAGENT_MCP_`; no others are sent to the daemon. */
function ownVariables(environment: RequestingProcess['environment']): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('SUBAGENT_MCP_')))
}

function taking(
  ask: DaemonRequestSender,
): Pick<MailClient, 'next' | 'renew' | 'acknowledge' | 'release' | 'read'> {
  return {
    next: async (order, signal) => {
      const isOver = (): boolean => signal.aborted
      let left = order.waitMs
      while (!isOver()) {
        const waitMs = Math.min(left, longestMailWaitMs)
        left -= waitMs
        try {
          const { batch } = await ask(daemonApi.nextMail, { body: { ...order, waitMs }, signal })
          if (batch || left <= 0) return batch
        } catch (error) {
          if (!isOver()) throw error
        }
      }
      return undefined
    },
    renew: async (id, leaseMs) =>
      (await ask(daemonApi.renewTake, { params: { id }, body: { leaseMs } })).held,
    acknowledge: async (id, ids) =>
      (await ask(daemonApi.acknowledgeTake, { params: { id }, body: { ...(ids && { ids }) } })).ids,
    release: async (id, order = {}) => {
      await ask(daemonApi.releaseTake, { params: { id }, body: order })
    },
    read: async (order) => (await ask(daemonApi.readMail, { body: order })).messages,
  }
}
