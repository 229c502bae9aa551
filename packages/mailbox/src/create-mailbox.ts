import { SubagentError } from '@subagent-mcp/contract'
import { maskSecrets } from '@subagent-mcp/permissions'
import { setMaxListeners } from 'node:events'
import { createCallsUnderWay } from './calls-under-way.js'
import {
  checkName,
  checkPage,
  checkRegistration,
  checkText,
  checkTopic,
  checkLengths,
} from './check-input.js'
import type { Command } from './command.js'
import { joinSignals } from './join-signals.js'
import type { MailState } from './mail-state.js'
import type { Mailbox, PageAfter, PageBefore, MessageReply, Sent } from './mailbox.js'
import { removeGoneHandlers, type MailboxParts, type OpenMailbox } from './open-mailbox.js'
import type { Outcome } from './outcome.js'
import { outcomeError } from './refusals.js'
import { takeNext } from './take-next.js'
import { within } from './within.js'

/** Creates a mailbox over a backing: checks the input, masks secrets in texts, and waits for messages. */
export function createMailbox(parts: MailboxParts): Mailbox {
  const { backing, rules, clock } = parts
  const end = new AbortController()
  setMaxListeners(0, end.signal) // every waiting call listens to it
  const run = async (command: Command): Promise<Outcome> => {
    if (end.signal.aborted) throw new SubagentError('mailbox-unreachable', 'the mailbox is closed')
    return backing.run(command)
  }
  const parted = { ...parts, run }
  const taking = createCallsUnderWay()
  const close = async (): Promise<void> => {
    end.abort()
    await within(clock, taking.ended()) // messages taken during the close are released
    await backing.close()
  }
  let closing: Promise<void> | undefined
  return {
    ...createRegister(parted),
    ...createSending(parted),
    ...createFinishing(parted),
    ...createViews(parted),
    next: (options, signal) => {
      const either = joinSignals([signal, end.signal])
      return taking.follow(takeNext(parted, options, either.signal).finally(either.part))
    },
    onChange: backing.onChange,
    tidy: async () => {
      await removeGoneHandlers(parted)
      await run({ type: 'tidy', keepMs: rules.keepMs })
    },
    health: backing.health,
    close: () => (closing ??= close()),
  }
}

function createRegister(parts: OpenMailbox): Pick<Mailbox, 'register' | 'leave' | 'agents'> {
  const { backing, run, rules } = parts
  return {
    register: async (options) => {
      checkRegistration(options)
      await removeGoneHandlers(parts, options.name)
      const outcome = await run({ type: 'register', ...options, ...copied(options), keeper: backing.keeper })
      if (outcome.type !== 'done') throw outcomeError(outcome)
    },
    leave: async (instance) => {
      await run({ type: 'leave', instances: [instance], maxTries: rules.maxTries })
    },
    agents: async () => {
      await removeGoneHandlers(parts)
      return backing.state().agents()
    },
  }
}

/** Copies the lists of a registration, because a command must not change when the caller changes its lists. */
function copied({ capabilities, topics }: { capabilities: readonly string[]; topics: readonly string[] }) {
  return { capabilities: [...capabilities], topics: [...topics] }
}

function createSending({ run, rules, newId }: OpenMailbox): Pick<Mailbox, 'send' | 'reply' | 'publish'> {
  return {
    send: async ({ from, to, body, thread, key, expectsReply = true }) => {
      checkName(from.name)
      checkName(to)
      checkLengths({ thread, key })
      const text = maskSecrets(checkText(body, rules))
      const keyed = key === undefined ? {} : { key }
      const id = newId()
      const options = { id, from, to, body: text, thread: thread ?? id, expectsReply, ...keyed }
      return sentBy(await run({ type: 'send', ...options }))
    },
    reply: async ({ from, message, body }: MessageReply) => {
      checkName(from.name)
      const text = maskSecrets(checkText(body, rules))
      return sentBy(await run({ type: 'reply', id: newId(), from, message, body: text }))
    },
    publish: async ({ from, topic, project, severity, body, key }) => {
      checkName(from.name)
      checkTopic(topic)
      checkLengths({ key })
      const text = maskSecrets(checkText(body, rules))
      const given = { ...(project !== undefined && { project }), ...(key !== undefined && { key }) }
      const outcome = await run({ type: 'publish', id: newId(), from, topic, severity, body: text, ...given })
      if (outcome.type !== 'published') throw outcomeError(outcome)
      return outcome.published
    },
  }
}

function sentBy(outcome: Outcome): Sent {
  if (outcome.type !== 'sent') throw outcomeError(outcome)
  return outcome.sent
}

type Finishing = Pick<Mailbox, 'renew' | 'acknowledge' | 'release' | 'read' | 'revive'>

function createFinishing({ run, rules }: OpenMailbox): Finishing {
  return {
    renew: async (take, leaseMs) => {
      const outcome = await run({ type: 'renew', take, leaseMs })
      if (outcome.type !== 'renewed') throw outcomeError(outcome)
      return outcome.held
    },
    acknowledge: async (take, ids) => {
      const outcome = await run({ type: 'acknowledge', take, ids: ids === undefined ? null : [...ids] })
      if (outcome.type !== 'acknowledged') throw outcomeError(outcome)
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
    read: async ({ agent, ids, limit = ids?.length ?? defaultLimit }) => {
      checkName(agent)
      const outcome = await run({ type: 'read', agent, ids: ids === undefined ? null : [...ids], limit })
      if (outcome.type !== 'messages') throw outcomeError(outcome)
      return outcome.messages
    },
    revive: async (id) => {
      const outcome = await run({ type: 'revive', id })
      const [message] = outcome.type === 'messages' ? outcome.messages : []
      if (message === undefined) throw outcomeError(outcome)
      return message
    },
  }
}

/** The longest failure text in characters; the rest is cut, because lists show failures. */
const longestFailure = 1_000
const defaultLimit = 32

type Views = Pick<Mailbox, 'inbox' | 'quiet' | 'waiting' | 'threads' | 'thread' | 'dead' | 'count'>

function createViews(parts: OpenMailbox): Views {
  const { backing } = parts
  // An error of reading becomes a rejection, as in all other calls.
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
      await removeGoneHandlers(parts)
      return backing.state().waiting()
    },
    threads: (query) => see((state) => state.threads(query), query),
    thread: async (id, page) => {
      const messages = await see((state) => state.thread(id, page), page)
      // The page before the first message of a thread is empty, as is every page of an unknown thread.
      if (messages.length > 0 || (await see((state) => state.count({ of: 'thread', id }))) > 0)
        return messages
      throw new SubagentError('unknown-message', `there is no thread ${id}`)
    },
    dead: (query) => see((state) => state.dead(query), query),
    count: (list) => see((state) => state.count(list)),
  }
}
