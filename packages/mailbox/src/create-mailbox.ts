import { SubagentError, type Clock } from '@subagent-mcp/contract'
import { maskSecrets } from '@subagent-mcp/permissions'
import { setMaxListeners } from 'node:events'
import { createCallsUnderWay } from './calls-under-way.js'
import { checkName, checkPage, checkRegistration, checkText, checkTopic, checkWithin } from './check-input.js'
import type { Command } from './command.js'
import { leaveGone } from './leave-gone.js'
import { joinSignals } from './join-signals.js'
import type { MailState } from './mail-state.js'
import type {
  Handler,
  Mailbox,
  MailboxHealth,
  MailboxRules,
  PageAfter,
  PageBefore,
  ReplyOrder,
  Sent,
} from './mailbox.js'
import type { Outcome } from './outcome.js'
import { unexpected } from './refusal.js'
import { takeNext } from './take-next.js'
import { within } from './within.js'

/** What a mailbox is made of: where its commands are applied in order, and the state that they lead to. */
export type MailboxBacking = {
  /** Resolves to what became of it, once the state has it. */
  run(command: Command): Promise<Outcome>
  /** As it is known here now. */
  state(): MailState
  /** The time by which leases count, Unix milliseconds. */
  now(): number
  /** This open mailbox: when it is gone, so are the handlers that registered through it. */
  keeper: string
  /** Whether a handler is gone for good. When in doubt it is not: its lease will end. */
  isGone(handler: Handler, keeper: string): boolean
  /** Of every change, whoever made it; of none but its own while nobody watches. */
  onChange(listener: (agents: readonly string[]) => void): () => void
  /** Somebody waits for what others may change, until the returned function is called. */
  watch(): () => void
  /** Never rejects. */
  health(): Promise<MailboxHealth>
  close(): Promise<void>
}

export type MailboxParts = { backing: MailboxBacking; rules: MailboxRules; clock: Clock; newId: () => string }

/** A mailbox over where its commands are applied: checks what is asked, masks secrets, waits. */
export function createMailbox(parts: MailboxParts): Mailbox {
  const { backing, rules, clock } = parts
  const end = new AbortController()
  setMaxListeners(0, end.signal) // all that wait hear of it
  const run = async (command: Command): Promise<Outcome> => {
    if (end.signal.aborted) throw new SubagentError('mailbox-unreachable', 'the mailbox is closed')
    return backing.run(command)
  }
  const parted = { ...parts, run }
  const taking = createCallsUnderWay()
  const close = async (): Promise<void> => {
    end.abort()
    await within(clock, taking.ended()) // what was just taken goes back
    await backing.close()
  }
  let closing: Promise<void> | undefined
  return {
    ...createRegister(parted),
    ...createSending(parted),
    ...createFinishing(parted),
    ...createViews(parted),
    next: (order, signal) => {
      const either = joinSignals([signal, end.signal])
      return taking.follow(takeNext(parted, order, either.signal).finally(either.part))
    },
    onChange: backing.onChange,
    tidy: async () => {
      await leaveGone(parted)
      await run({ type: 'tidy', keepMs: rules.keepMs })
    },
    health: backing.health,
    close: () => (closing ??= close()),
  }
}

/** What the groups of calls have in common. */
export type Running = MailboxParts & { run: (command: Command) => Promise<Outcome> }

function createRegister(parts: Running): Pick<Mailbox, 'register' | 'leave' | 'agents'> {
  const { backing, run, rules } = parts
  return {
    register: async (order) => {
      checkRegistration(order)
      await leaveGone(parts, order.name)
      const outcome = await run({ type: 'register', ...order, ...copied(order), keeper: backing.keeper })
      if (outcome.type !== 'done') throw unexpected(outcome)
    },
    leave: async (instance) => {
      await run({ type: 'leave', instances: [instance], maxTries: rules.maxTries })
    },
    agents: async () => {
      await leaveGone(parts)
      return backing.state().agents()
    },
  }
}

/** Lists of one's own, as a command's are. */
function copied({ capabilities, topics }: { capabilities: readonly string[]; topics: readonly string[] }) {
  return { capabilities: [...capabilities], topics: [...topics] }
}

function createSending({ run, rules, newId }: Running): Pick<Mailbox, 'send' | 'reply' | 'publish'> {
  return {
    send: async ({ from, to, body, thread, key, expectsReply = true }) => {
      checkName(from.name)
      checkName(to)
      checkWithin({ thread, key })
      const text = maskSecrets(checkText(body, rules))
      const keyed = key === undefined ? {} : { key }
      const id = newId()
      const order = { id, from, to, body: text, thread: thread ?? id, expectsReply, ...keyed }
      return sentBy(await run({ type: 'send', ...order }))
    },
    reply: async ({ from, message, body }: ReplyOrder) => {
      checkName(from.name)
      const text = maskSecrets(checkText(body, rules))
      return sentBy(await run({ type: 'reply', id: newId(), from, message, body: text }))
    },
    publish: async ({ from, topic, project, severity, body, key }) => {
      checkName(from.name)
      checkTopic(topic)
      checkWithin({ key })
      const text = maskSecrets(checkText(body, rules))
      const given = { ...(project !== undefined && { project }), ...(key !== undefined && { key }) }
      const outcome = await run({ type: 'publish', id: newId(), from, topic, severity, body: text, ...given })
      if (outcome.type !== 'published') throw unexpected(outcome)
      return outcome.published
    },
  }
}

function sentBy(outcome: Outcome): Sent {
  if (outcome.type !== 'sent') throw unexpected(outcome)
  return outcome.sent
}

type Finishing = Pick<Mailbox, 'renew' | 'acknowledge' | 'release' | 'read' | 'revive'>

function createFinishing({ run, rules }: Running): Finishing {
  return {
    renew: async (take, leaseMs) => {
      const outcome = await run({ type: 'renew', take, leaseMs })
      if (outcome.type !== 'renewed') throw unexpected(outcome)
      return outcome.held
    },
    acknowledge: async (take, ids) => {
      const outcome = await run({ type: 'acknowledge', take, ids: ids === undefined ? null : [...ids] })
      if (outcome.type !== 'acknowledged') throw unexpected(outcome)
      return outcome.ids
    },
    release: async (take, { ids, failure } = {}) => {
      const why = failure === undefined ? null : maskSecrets(failure).slice(0, longestFailure)
      await run({
        type: 'release',
        take,
        ids: ids === undefined ? null : [...ids],
        failure: why,
        tries: rules,
      })
    },
    read: async ({ agent, ids, limit = ids?.length ?? usualLimit }) => {
      checkName(agent)
      const outcome = await run({ type: 'read', agent, ids: ids === undefined ? null : [...ids], limit })
      if (outcome.type !== 'messages') throw unexpected(outcome)
      return outcome.messages
    },
    revive: async (id) => {
      const outcome = await run({ type: 'revive', id })
      const [message] = outcome.type === 'messages' ? outcome.messages : []
      if (message === undefined) throw unexpected(outcome)
      return message
    },
  }
}

/** In characters; it is shown in lists. */
const longestFailure = 1_000
const usualLimit = 32

type Views = Pick<Mailbox, 'inbox' | 'quiet' | 'waiting' | 'threads' | 'thread' | 'dead' | 'count'>

function createViews(parts: Running): Views {
  const { backing } = parts
  // What cannot be read is a rejection, as all else that goes wrong.
  const see = async <Seen>(
    look: (state: MailState) => Seen,
    page?: PageAfter & PageBefore,
  ): Promise<Seen> => {
    await Promise.resolve()
    checkPage(page)
    return look(backing.state())
  }
  return {
    inbox: (agent, page) => see((state) => state.inbox(agent, page), page),
    quiet: (agent, page) => see((state) => state.quiet(agent, page), page),
    waiting: async () => {
      await leaveGone(parts)
      return backing.state().waiting()
    },
    threads: (query) => see((state) => state.threads(query), query),
    thread: async (id, page) => {
      const messages = await see((state) => state.thread(id, page), page)
      // Before its first message a thread has none; so has one that there is not.
      if (messages.length > 0 || (await see((state) => state.count({ of: 'thread', id }))) > 0)
        return messages
      throw new SubagentError('unknown-message', `there is no thread ${id}`)
    },
    dead: (query) => see((state) => state.dead(query), query),
    count: (list) => see((state) => state.count(list)),
  }
}
