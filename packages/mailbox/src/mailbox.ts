import type { EventSeverity } from '@subagent-mcp/contract'

/**
 * Messages between agents, kept until they are handled. Every implementation passes the tests of `describeMailbox`.
 *
 * A handler takes a message under a lease and acknowledges it when it is handled. When the lease or the handler's process
 * ends first, another handler can take the message. So a message is handled at least once. It is replied to once: a second
 * reply returns the first. Messages of one thread to one agent are taken in order, and none while an earlier one is held.
 *
 * Every call can throw a SubagentError: `invalid-parameter`, `unknown-recipient`, `unknown-message`, `name-taken`,
 * `mailbox-unreachable` and `io-failed`.
 */
export type Mailbox = {
  /** Registers an agent and one handler of its messages. The same instance replaces its earlier registration. */
  register(options: MailRegistration): Promise<void>
  /** Removes a handler. Each message that it holds counts a failed try and can be taken by another handler. Idempotent. */
  leave(instance: string): Promise<void>
  /** All known agents, sorted by name, with their live handlers. */
  agents(): Promise<readonly MailAgent[]>
  /** Sends a message to an agent. @throws SubagentError `unknown-recipient` for a name that never registered, sent or was written to */
  send(options: MailSendOptions): Promise<SentMessage>
  /**
   * Answers a message in its thread, as the agent that received it. A held message still needs `acknowledge`; a message
   * that nobody holds is handled by its reply.
   */
  reply(options: MailReplyOptions): Promise<SentMessage>
  /** Sends an event to all agents that subscribe to its topic. */
  publish(options: MailPublishOptions): Promise<PublishedEvent>
  /**
   * Waits until an agent has messages to handle, and takes them, oldest first: direct messages, and events of at least the
   * severity that the agent registered in `wakes`. Returns `undefined` after `waitMs` or when the signal aborts. Messages
   * that the same instance still holds are released first, without a failed try.
   */
  next(options: NextMailOptions, signal: AbortSignal): Promise<MessageBatch | undefined>
  /** Extends the lease of a batch, also after its end if nobody else took the messages. Returns false when none is held. */
  renew(take: string, leaseMs: number): Promise<boolean>
  /** Marks messages of a batch as handled, by default all. Returns the handled ids, without those that others took meanwhile. */
  acknowledge(take: string, ids?: readonly string[]): Promise<readonly string[]>
  /** Releases a batch or a part of it. With a failure it counts a failed try: it is retried later, after the last try it is dead. */
  release(take: string, options?: MailReleaseOptions): Promise<void>
  /**
   * Marks messages in an inbox as handled and returns them: all that nobody holds, or those of `ids`. Includes events that
   * are below the agent's `wakes`.
   */
  read(options: MarkReadOptions): Promise<readonly MailboxMessage[]>
  /** The unhandled messages of an agent, oldest first: held or not, including events below its `wakes`. Changes nothing. */
  inbox(agent: string, page?: MailPageAfter): Promise<readonly MailboxMessage[]>
  /** The events in the inbox that `next` never returns, because they are below the agent's `wakes`. */
  quiet(agent: string, page?: MailPageAfter): Promise<readonly MailboxMessage[]>
  /** The messages that `next` would return, counted per agent, sorted by name. Agents without any are left out. */
  waiting(): Promise<readonly UntakenMailCount[]>
  /** The threads in which an agent sent or received a message, by default all threads; newest first. */
  threads(query: { agent?: string } & MailPageLimit): Promise<readonly MailboxThread[]>
  /** The newest messages of a thread, oldest first. @throws SubagentError `unknown-message` for an unknown thread */
  thread(id: string, page?: MailPageBefore): Promise<readonly MailboxMessage[]>
  /** Dead letters (messages that failed too often), newest first. */
  dead(query: { agent?: string } & MailPageLimit): Promise<readonly MailboxMessage[]>
  /** All messages that are kept, in the order of sending. */
  sent(page?: MailPageAfter): Promise<readonly MailboxMessage[]>
  /** The number of items in a list. */
  count(list: MailList): Promise<number>
  /** Returns a dead letter to its agent's inbox, with its number of tries reset. */
  revive(id: string): Promise<MailboxMessage>
  /** Calls `listener` with the names of agents whose mail or handlers have changed, until the returned function is called. */
  onChange(listener: (agents: readonly string[]) => void): () => void
  /** Deletes some of the messages that are older than `keepMs`. Unhandled direct messages become dead letters instead. */
  tidy(): Promise<void>
  /** Where the mailbox is stored and whether it can be reached now. Never rejects. */
  health(): Promise<MailboxHealth>
  /** Closes the mailbox and ends its waiting calls. Idempotent, bounded in time, never rejects. */
  close(): Promise<void>
}

/** An agent and one handler of its messages. */
export type MailRegistration = {
  /** Lower case letters, digits, `.`, `_` and `-`, at most 64, beginning with a letter or digit. */
  name: string
  /**
   * The project that the agent works on; empty for an agent that only sent messages. All handlers of one name have the same
   * project. @throws SubagentError `name-taken` when a handler of another project has the name
   */
  project: string
  provider?: string
  capabilities: readonly string[]
  /**
   * Topics of the events that the agent receives, in the notation of NATS: `ci.*`, `ci.>`, `>` for all. The prefix `project:`,
   * as in `project:ci.>`, leaves out events about other projects.
   */
  topics: readonly string[]
  /** The lowest severity at which an event is work for the agent; others are only in its inbox. */
  wakes: EventSeverity
  handler: MailHandler
}

/** A process that handles messages, known by its instance; pid, start time and host show whether it runs. */
export type MailHandler = {
  instance: string
  kind: 'worker' | 'session'
  pid: number
  startTime: string
  host: string
}

/** An agent, which may have no handlers. `waiting` counts unread direct messages, `dead` dead letters. */
export type MailAgent = Omit<MailRegistration, 'handler'> & {
  handlers: readonly MailHandler[]
  lastSeenAt: number
  waiting: number
  dead: number
}

export type MailSendOptions = {
  from: MessageSender
  to: string
  body: string
  /** The thread of the message. Default: a new one, whose id is that of the message. */
  thread?: string
  /** Sends only once per sender and key. @throws SubagentError `invalid-parameter` when the key was used for another text */
  key?: string
  /** Whether a reply is expected. Default `true`: a worker that handles the message without one sends its final answer as the reply. */
  expectsReply?: boolean
}

export type MailReplyOptions = { from: MessageSender; message: string; body: string }

/**
 * The sender of a message and the channel that it came through, for receivers to judge its text by. `model` is the provider
 * and model that wrote a worker's reply, as in `codex/gpt`.
 */
export type MessageSender = {
  name: string
  host: string
  through: 'agent' | 'terminal' | 'http' | 'mailbox'
  model?: string
}

export type MailPublishOptions = {
  from: MessageSender
  topic: string
  /** The project that the event is about. Default: all projects. */
  project?: string
  severity: EventSeverity
  body: string
  key?: string
}

/** `repeated`: the message had been sent before, with the same key or as the reply to the same message. */
export type SentMessage = { message: MailboxMessage; repeated: boolean }
export type PublishedEvent = { id: string; to: readonly string[]; repeated: boolean }

export type NextMailOptions = {
  agent: string
  instance: string
  leaseMs: number
  /** How long to wait for messages; 0 returns immediately. */
  waitMs: number
  /** The thread of the wanted messages. Default: all threads. */
  thread?: string
  /** The largest number of messages. Default 32. */
  limit?: number
}

/** Messages that were taken together. `take` is the id of their lease, which ends at `until`. */
export type MessageBatch = { take: string; until: number; messages: readonly MailboxMessage[] }

export type MailReleaseOptions = {
  ids?: readonly string[]
  /** Why handling failed. Without it the try does not count. */
  failure?: string
}

export type MarkReadOptions = { agent: string; ids?: readonly string[]; limit?: number }

/** The size of a page of a list. Default `pageSizes.default`, at most `pageSizes.longest`. */
export type MailPageLimit = { limit?: number }
/** A page that starts after the message with this `seq`. */
export type MailPageAfter = MailPageLimit & { after?: number }
/** A page that ends before the message with this `seq`. */
export type MailPageBefore = MailPageLimit & { before?: number }

/** A list that is shown in pages. */
export type MailList =
  | { of: 'inbox'; agent: string }
  | { of: 'thread'; id: string }
  | { of: 'threads' | 'dead'; agent?: string }

/** A message and its current status. Times are Unix milliseconds. */
export type MailboxMessage = {
  id: string
  /** A number that increases in the order of sending. */
  seq: number
  thread: string
  kind: 'direct' | 'event' | 'notice'
  from: MessageSender
  to: string
  body: string
  sentAt: number
  expectsReply: boolean
  /** The id of the message that this one answers. */
  replyTo?: string
  /** The topic of an event; undefined for other messages. */
  topic?: string
  severity?: EventSeverity
  status: 'waiting' | 'held' | 'handled' | 'dead'
  tries: number
  /** Why the last try failed, or why the message is dead. */
  failure?: string
  /** The id of the reply to this message. */
  repliedBy?: string
}

/** The messages that an agent could take now. */
export type UntakenMailCount = {
  agent: string
  messages: number
  /** The id of the newest message. */
  newest: string
  /** The latest senders, newest first; at most three. */
  from: readonly string[]
}

export type MailboxThread = {
  id: string
  agents: readonly string[]
  messages: number
  waiting: number
  lastAt: number
  /** The beginning of the thread's newest message. */
  last: string
}

export type MailboxHealth = {
  kind: 'memory' | 'sqlite' | 'nats'
  /** The place of the mailbox: the path of the file, the servers without secrets, or `this process`. */
  where: string
  reachable: boolean
  problem?: string
  /** A fault that its servers are known to have, although the mailbox works now. */
  warning?: string
}

/** Limits and times of a mailbox. */
export type MailboxLimits = {
  /** The largest text of a message, in bytes of UTF-8. */
  maxBytes: number
  /** The number of tries before a message becomes a dead letter. */
  maxTries: number
  /** The pause before the second try; it doubles with each try, up to `longestBackoffMs`. */
  backoffMs: number
  longestBackoffMs: number
  /** How long messages are kept. */
  keepMs: number
}

/** The default limits and times of a mailbox. */
export const defaultMailboxLimits: MailboxLimits = {
  maxBytes: 65_536,
  maxTries: 5,
  backoffMs: 2_000,
  longestBackoffMs: 300_000,
  keepMs: 30 * 24 * 3_600_000,
}
