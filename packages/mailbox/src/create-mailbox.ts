import { SubagentError } from '@subagent-mcp/contract'
import { maskSecrets } from '@subagent-mcp/permissions'
import { createPendingMailCalls } from './pending-mail-calls.js'
import {
  checkMailAgentName,
  checkMailPage,
  checkMailRegistration,
  checkMailText,
  checkMailTopic,
  checkMailLengths,
} from './check-mail-input.js'
import type { MailboxCommand } from './mailbox-command.js'
import { joinAbortSignals } from './join-abort-signals.js'
import type { MailReader } from './mail-state.js'
import type {
  Mailbox,
  MessageBatch,
  NextMailOptions,
  MailPageAfter,
  MailPageBefore,
  MailReplyOptions,
  SentMessage,
} from './mailbox.js'
import {
  removeGoneMailHandlers,
  type MailboxDependencies,
  type OpenMailboxDependencies,
} from './mailbox-storage.js'
import type { MailOutcome } from './mail-outcome.js'
import { createMailId } from './create-mail-id.js'
import { createMailOutcomeError } from './refusals.js'
import { waitForWorkBeforeClosing } from './wait-for-work-before-closing.js'

/** Creates a mailbox over a backing: checks the input, masks secrets in texts, and waits for messages. */
export function createMailbox(parts: MailboxDependencies): Mailbox {
  const { backing, rules, clock } = parts
  const end = new AbortController()
  const run = async (command: MailboxCommand): Promise<MailOutcome> => {
    if (end.signal.aborted) throw new SubagentError('mailbox-unreachable', 'the mailbox is closed')
    return backing.run(command)
  }
  const parted = { ...parts, run }
  const taking = createPendingMailCalls()
  const close = async (): Promise<void> => {
    end.abort()
    await waitForWorkBeforeClosing(clock, taking.ended()) // messages taken during the close are released
    await backing.close()
  }
  let closing: Promise<void> | undefined
  return {
    ...createRegister(parted),
    ...createSending(parted),
    ...createFinishing(parted),
    ...createViews(parted),
    next: (options, signal) => {
      const either = joinAbortSignals([signal, end.signal])
      return taking.follow(next(parted, options, either.signal).finally(either.part))
    },
    onChange: backing.onChange,
    tidy: async () => {
      await removeGoneMailHandlers(parted)
      await run({ type: 'tidy', keepMs: rules.keepMs })
    },
    health: backing.health,
    close: () => (closing ??= close()),
  }
}

async function next(
  parts: OpenMailboxDependencies,
  options: NextMailOptions,
  signal: AbortSignal,
): Promise<MessageBatch | undefined> {
  checkMailAgentName(options.agent)
  const { backing, rules, clock, run } = parts
  return backing.next({
    ...{ signal, rules, clock, run },
    options: { ...options, limit: options.limit ?? defaultLimit },
    removeGone: (agent) => removeGoneMailHandlers(parts, agent),
    release: async (take) => {
      await backing.run({ type: 'release', take, ids: null, failure: null, tries: rules })
    },
  })
}

function createRegister(parts: OpenMailboxDependencies): Pick<Mailbox, 'register' | 'leave' | 'agents'> {
  const { backing, run, rules } = parts
  return {
    register: async (options) => {
      checkMailRegistration(options)
      await removeGoneMailHandlers(parts, options.name)
      const outcome = await run({ type: 'register', ...options, ...copied(options), keeper: backing.keeper })
      if (outcome.type !== 'done') throw createMailOutcomeError(outcome)
    },
    leave: async (instance) => {
      await run({ type: 'leave', instances: [instance], maxTries: rules.maxTries })
    },
    agents: async () => {
      await removeGoneMailHandlers(parts)
      return backing.reads.agents()
    },
  }
}

/** Copies the lists of a registration, because a command must not change when the caller changes its lists. */
function copied({ capabilities, topics }: { capabilities: readonly string[]; topics: readonly string[] }) {
  return { capabilities: [...capabilities], topics: [...topics] }
}

function createSending({
  run,
  rules,
  clock,
}: OpenMailboxDependencies): Pick<Mailbox, 'send' | 'reply' | 'publish'> {
  return {
    send: async ({ from, to, body, thread, key, expectsReply = true }) => {
      checkMailAgentName(from.name)
      checkMailAgentName(to)
      checkMailLengths({ thread, key })
      const text = maskSecrets(checkMailText(body, rules))
      const keyed = key === undefined ? {} : { key }
      const id = createMailId(clock.now())
      const options = { id, from, to, body: text, thread: thread ?? id, expectsReply, ...keyed }
      return sentBy(await run({ type: 'send', ...options }))
    },
    reply: async ({ from, message, body }: MailReplyOptions) => {
      checkMailAgentName(from.name)
      const text = maskSecrets(checkMailText(body, rules))
      return sentBy(await run({ type: 'reply', id: createMailId(clock.now()), from, message, body: text }))
    },
    publish: async ({ from, topic, project, severity, body, key }) => {
      checkMailAgentName(from.name)
      checkMailTopic(topic)
      checkMailLengths({ key })
      const text = maskSecrets(checkMailText(body, rules))
      const given = { ...(project !== undefined && { project }), ...(key !== undefined && { key }) }
      const id = createMailId(clock.now())
      const outcome = await run({ type: 'publish', id, from, topic, severity, body: text, ...given })
      if (outcome.type !== 'published') throw createMailOutcomeError(outcome)
      return outcome.published
    },
  }
}

function sentBy(outcome: MailOutcome): SentMessage {
  if (outcome.type !== 'sent') throw createMailOutcomeError(outcome)
  return outcome.sent
}

type Finishing = Pick<Mailbox, 'renew' | 'acknowledge' | 'release' | 'read' | 'revive'>

function createFinishing({ run, rules }: OpenMailboxDependencies): Finishing {
  return {
    renew: async (take, leaseMs) => {
      const outcome = await run({ type: 'renew', take, leaseMs })
      if (outcome.type !== 'renewed') throw createMailOutcomeError(outcome)
      return outcome.held
    },
    acknowledge: async (take, ids) => {
      const outcome = await run({ type: 'acknowledge', take, ids: ids === undefined ? null : [...ids] })
      if (outcome.type !== 'acknowledged') throw createMailOutcomeError(outcome)
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
      checkMailAgentName(agent)
      const outcome = await run({ type: 'read', agent, ids: ids === undefined ? null : [...ids], limit })
      if (outcome.type !== 'messages') throw createMailOutcomeError(outcome)
      return outcome.messages
    },
    revive: async (id) => {
      const outcome = await run({ type: 'revive', id })
      const [message] = outcome.type === 'messages' ? outcome.messages : []
      if (message === undefined) throw createMailOutcomeError(outcome)
      return message
    },
  }
}

/** The longest failure text in characters; the rest is cut, because lists show failures. */
const longestFailure = 1_000
/** The number of messages that one turn can handle. */
const defaultLimit = 32

type Views = Pick<Mailbox, 'inbox' | 'quiet' | 'waiting' | 'threads' | 'thread' | 'dead' | 'sent' | 'count'>

function createViews(parts: OpenMailboxDependencies): Views {
  const { backing } = parts
  // An error of reading becomes a rejection, as in all other calls.
  const see = async <Seen>(
    look: (state: MailReader) => Seen | Promise<Seen>,
    page?: MailPageAfter & MailPageBefore,
  ): Promise<Seen> => {
    await Promise.resolve()
    checkMailPage(page)
    return await look(backing.reads)
  }
  return {
    inbox: (agent, page) => see((state) => state.inbox(agent, page), page),
    quiet: (agent, page) => see((state) => state.quiet(agent, page), page),
    waiting: async () => {
      await removeGoneMailHandlers(parts)
      return backing.reads.waiting()
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
    sent: (page) => see((state) => state.sent(page), page),
    count: (list) => see((state) => state.count(list)),
  }
}
