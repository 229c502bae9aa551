import { mailPageSizes, SubagentError } from '@subagent-mcp/contract'
import type { DaemonPort } from '../daemon-port.js'

type Mailbox = DaemonPort['mailbox']

/** The sender name of agents without a mailbox name. */
export const namelessAgentSender = 'agent'

/** Records which agent has taken which batch of messages from its shell. The oldest records are dropped. */
export type TakenBatchOwners = {
  add(take: string, own: string): void
  isOf(take: string, own: string): boolean
}

export function createTakenBatchOwners(): TakenBatchOwners {
  const taken = new Map<string, string>()
  return {
    isOf: (take, own) => taken.get(take) === own,
    add: (take, own) => {
      taken.set(take, own)
      const [oldest] = taken.keys()
      if (taken.size > mostTaken && oldest !== undefined) taken.delete(oldest)
    },
  }
}

/** The most records. It is more than the batches that all agents can hold together. */
const mostTaken = 1_000

/**
 * The part of the mailbox that an agent may use from its shell: messages to its own name, threads in which it takes part, and the
 * names of all agents. So a text that the agent reads cannot make it act for another agent. This does not stop a program of the same
 * user that hides its origin or opens the mailbox's file. Each call @throws SubagentError `invalid-parameter` for messages of others
 */
export function limitMailboxToAgent(
  mailbox: Mailbox,
  { own, takes }: { own: string; takes: TakenBatchOwners },
): Mailbox {
  const { agents, send, reply, publish, register, leave, health } = mailbox
  const check = (agent: string): void => {
    if (agent !== own) throw ofAnother(own, agent)
  }
  return {
    ...{ agents, send, reply, publish, register, leave, health },
    ...takingOwn(mailbox, { own, takes, check }),
    ...listingOwn(mailbox, { own, check }),
  }
}

type Own = { own: string; check: (agent: string) => void }
type Taking = 'next' | 'renew' | 'acknowledge' | 'release' | 'read'
type Listing = Exclude<
  keyof Mailbox,
  Taking | 'agents' | 'send' | 'reply' | 'publish' | 'register' | 'leave' | 'health'
>

function takingOwn(
  mailbox: Mailbox,
  { own, takes, check }: Own & { takes: TakenBatchOwners },
): Pick<Mailbox, Taking> {
  const checkTake = (take: string): void => {
    if (!takes.isOf(take, own)) throw notTaken(own, take)
  }
  return {
    next: async (order, signal) => {
      check(order.agent)
      await checkInstance(mailbox, order.instance)
      const batch = await mailbox.next(order, signal)
      if (batch) takes.add(batch.take, own)
      return batch
    },
    renew: checked(checkTake, mailbox.renew),
    acknowledge: checked(checkTake, mailbox.acknowledge),
    release: checked(checkTake, mailbox.release),
    read: checked(({ agent }) => check(agent), mailbox.read),
  }
}

function listingOwn(mailbox: Mailbox, { own, check }: Own): Pick<Mailbox, Listing> {
  const checkAny = (agent: string | undefined): void => {
    if (agent !== undefined) check(agent)
  }
  const hasPart = async (id: string): Promise<boolean> => {
    const thread = await mailbox.thread(id, { limit: mailPageSizes.longest })
    return thread.some(({ from, to }) => to === own || from.name === own)
  }
  return {
    inbox: checked(check, mailbox.inbox),
    quiet: checked(check, mailbox.quiet),
    waiting: async () => (await mailbox.waiting()).filter(({ agent }) => agent === own),
    threads: async (query) => {
      checkAny(query.agent)
      return mailbox.threads({ ...query, agent: own })
    },
    thread: async (id, page) => ((await hasPart(id)) ? mailbox.thread(id, page) : []),
    dead: async (query) => {
      checkAny(query.agent)
      return mailbox.dead({ ...query, agent: own })
    },
    count: async (list) => {
      if (list.of === 'thread') return (await hasPart(list.id)) ? mailbox.count(list) : 0
      checkAny(list.agent)
      return mailbox.count({ ...list, agent: own })
    },
    revive: async (id) => {
      const letters = await mailbox.dead({ agent: own, limit: mailPageSizes.longest })
      if (letters.some((letter) => letter.id === id)) return mailbox.revive(id)
      throw new SubagentError('unknown-message', `'${own}' has no dead letter '${id}'`, {
        hint: 'its own: subagent-mcp chat dead',
      })
    },
  }
}

/** Returns a call that checks its first argument before it is made. */
function checked<First, Rest extends unknown[], Result>(
  check: (first: First) => void,
  call: (first: First, ...rest: Rest) => Promise<Result>,
): (first: First, ...rest: Rest) => Promise<Result> {
  return async (first, ...rest) => {
    check(first)
    return call(first, ...rest)
  }
}

/** Refuses to take messages as an instance of a connected worker, because that would release the messages which the worker holds. */
async function checkInstance(mailbox: Mailbox, instance: string): Promise<void> {
  const known = await mailbox.agents()
  if (!known.some(({ handlers }) => handlers.some((handler) => handler.instance === instance))) return
  throw new SubagentError('invalid-parameter', `instance: '${instance}' is somebody who is there`, {
    hint: 'take as an instance of your own: subagent-mcp chat wait does',
  })
}

function ofAnother(own: string, agent: string): SubagentError {
  return new SubagentError(
    'invalid-parameter',
    `agent: an agent has the mail of '${own}', not of '${agent}'`,
    {
      hint: `its own: subagent-mcp chat inbox ${own}; to write to the other: subagent-mcp chat send`,
    },
  )
}

function notTaken(own: string, take: string): SubagentError {
  return new SubagentError('invalid-parameter', `take: '${take}' was not taken by '${own}'`, {
    hint: 'take your own messages: subagent-mcp chat wait',
  })
}
