import type { Severity } from '@subagent-mcp/contract'

/**
 * Messages between agents, kept until they are handled. Two implementations keep one contract (`describeMailbox`).
 *
 * A message is taken under a lease, and acknowledged when it is handled; a lease that runs out gives it to the next who
 * asks, and so does the end of its holder. So it is handled at least once, and replied to once: a second reply to it is
 * the first. Messages of one thread to one agent are taken in their order, and none while an earlier one is held.
 *
 * Every call @throws SubagentError: `invalid-parameter`, `unknown-recipient`, `unknown-message`, `name-taken`,
 * `mailbox-unreachable` and `io-failed`.
 */
export type Mailbox = {
  /** Makes an agent known, and this handler of it. The same instance again renews what is known of it. */
  register(order: Registration): Promise<void>
  /** The handler is gone: what it still holds goes to the next who asks, as a try that failed. Idempotent. */
  leave(instance: string): Promise<void>
  /** All agents that are known, by name, with those that handle their messages now. */
  agents(): Promise<readonly KnownAgent[]>
  /** @throws SubagentError `unknown-recipient` for a name that never registered, sent or was written to */
  send(order: SendOptions): Promise<Sent>
  /**
   * An answer to a message, by the agent that it was sent to, in its thread. It does not acknowledge what is held; of what
   * nobody holds, it is the end.
   */
  reply(order: ReplyOptions): Promise<Sent>
  /** To all agents that subscribe to the topic. */
  publish(order: PublishOptions): Promise<Published>
  /**
   * Blocks until there is actionable work for an agent, and takes it, oldest first: direct messages, and events from
   * the severity on from which they wake the agent. `undefined` when the time is over or the signal aborts. What the same
   * instance held before goes back first, without counting as a try.
   */
  next(order: NextOptions, signal: AbortSignal): Promise<Batch | undefined>
  /** Holds a batch for longer, also one whose lease ran out that nobody took since. False when nothing of it is held. */
  renew(take: string, leaseMs: number): Promise<boolean>
  /** Those of a batch that are handled; without ids all of it. Returns those that are: not what another has taken since. */
  acknowledge(take: string, ids?: readonly string[]): Promise<readonly string[]>
  /** Gives a batch back, or a part of it. A failure counts as a try: it comes again later, or is dead after the last. */
  release(take: string, order?: ReleaseOptions): Promise<void>
  /**
   * Takes and acknowledges at once what nobody holds, for those who have read it in the inbox: all, or those of `ids`.
   * Also the events that do not wake.
   */
  read(order: ReadOptions): Promise<readonly Message[]>
  /** What waits for an agent, oldest first, held or not: also the events that do not wake it. Changes nothing. */
  inbox(agent: string, page?: PageAfter): Promise<readonly Message[]>
  /** Of that the events which `next` never gives: they came below the severity that wakes the agent. */
  quiet(agent: string, page?: PageAfter): Promise<readonly Message[]>
  /** What `next` gives and nobody has taken, for each agent that has some, by name. */
  waiting(): Promise<readonly WaitingMail[]>
  /** Those in which an agent sent or got something, or all; the newest first. */
  threads(query: { agent?: string } & Page): Promise<readonly Thread[]>
  /** The newest messages of a thread, oldest first. @throws SubagentError `unknown-message` where there is no thread */
  thread(id: string, page?: PageBefore): Promise<readonly Message[]>
  /** Dead letters, the newest first. */
  dead(query: { agent?: string } & Page): Promise<readonly Message[]>
  /** How much there is of what is shown in pages. */
  count(list: MailList): Promise<number>
  /** Gives a dead letter to its agent anew, with all its tries. */
  revive(id: string): Promise<Message>
  /** Calls `listener` with the names of agents for which something has changed, until the returned function is called. */
  onChange(listener: (agents: readonly string[]) => void): () => void
  /** Drops what is older than it is kept, some at a time; direct messages that nobody handled by then are dead letters first. */
  tidy(): Promise<void>
  /** How it is kept, and whether it can be reached now. Never rejects. */
  health(): Promise<MailboxHealth>
  /** Idempotent, bounded in time, never rejects. */
  close(): Promise<void>
}

/** An agent, and one handler of its messages. */
export type Registration = {
  /** Lower case letters, digits, `.`, `_` and `-`, at most 64, beginning with a letter or digit. */
  name: string
  /**
   * What it works on; empty for who only sent. Handlers of one name share a project.
   * @throws SubagentError `name-taken` for another one's
   */
  project: string
  provider?: string
  capabilities: readonly string[]
  /**
   * The topics of the events that it gets, as in NATS: `ci.*`, `ci.>`, `>` for all. With `project:` before a pattern, as in
   * `project:ci.>`, it gets none that is about another project.
   */
  topics: readonly string[]
  /** From which on events are work for it. */
  wakes: Severity
  handler: Handler
}

/** A process that handles messages. Who it is for good: its pid and when it started. */
export type Handler = {
  instance: string
  kind: 'worker' | 'session'
  pid: number
  startTime: string
  host: string
}

/** A known agent; without live handlers its messages wait. `waiting`: unread direct messages, `dead`: dead letters. */
export type KnownAgent = Omit<Registration, 'handler'> & {
  handlers: readonly Handler[]
  lastSeenAt: number
  waiting: number
  dead: number
}

export type SendOptions = {
  from: Sender
  to: string
  body: string
  /** Unless given a new one, named by the message that begins it. */
  thread?: string
  /** Of the sender's own: the same one sends once. @throws SubagentError `invalid-parameter` when its text is another */
  key?: string
  /** `true` unless given: who handles it and does not reply has its last words sent. */
  expectsReply?: boolean
}

export type ReplyOptions = { from: Sender; message: string; body: string }

/**
 * Who sends, and through what: by that a receiver judges a text, which is data to it. `model` is the provider and the model
 * that wrote a worker's reply, as `codex/gpt`.
 */
export type Sender = {
  name: string
  host: string
  through: 'agent' | 'terminal' | 'http' | 'mailbox'
  model?: string
}

export type PublishOptions = {
  from: Sender
  topic: string
  /** The project that it is about; one without is about all. */
  project?: string
  severity: Severity
  body: string
  key?: string
}

/** `repeated`: it was sent before, by the same key or as the reply to the same message. */
export type Sent = { message: Message; repeated: boolean }
export type Published = { id: string; to: readonly string[]; repeated: boolean }

export type NextOptions = {
  agent: string
  instance: string
  leaseMs: number
  /** How long it blocks; 0 only looks. */
  waitMs: number
  /** Only messages of this thread. */
  thread?: string
  /** At most so many; 32 unless given. */
  limit?: number
}

/** What was taken together. `take` names the lease. */
export type Batch = { take: string; until: number; messages: readonly Message[] }

export type ReleaseOptions = {
  ids?: readonly string[]
  /** Why; without it the try does not count. */
  failure?: string
}

export type ReadOptions = { agent: string; ids?: readonly string[]; limit?: number }

/** Every list is shown in pages: at most so many, `pageSizes.usual` unless given and `pageSizes.longest` at most. */
export type Page = { limit?: number }
/** The first after a message, by its `seq`. */
export type PageAfter = Page & { after?: number }
/** The last before a message, by its `seq`. */
export type PageBefore = Page & { before?: number }

/** What is shown in pages. */
export type MailList =
  | { of: 'inbox'; agent: string }
  | { of: 'thread'; id: string }
  | { of: 'threads' | 'dead'; agent?: string }

/** A message as it is known now. Times are Unix milliseconds. */
export type Message = {
  id: string
  /** Counts up in the order of sending. */
  seq: number
  thread: string
  kind: 'direct' | 'event' | 'notice'
  from: Sender
  to: string
  body: string
  sentAt: number
  expectsReply: boolean
  /** The message that it answers. */
  replyTo?: string
  /** Of an event. */
  topic?: string
  severity?: Severity
  status: 'waiting' | 'held' | 'handled' | 'dead'
  /** How often it was taken and failed. */
  tries: number
  /** Why the last try failed, or what killed it. */
  failure?: string
  /** The id of its reply. */
  repliedBy?: string
}

/** What waits for an agent to be taken. */
export type WaitingMail = {
  agent: string
  messages: number
  /** The id of the newest. */
  newest: string
  /** Who sent the last ones, the newest first; at most three. */
  from: readonly string[]
}

export type Thread = {
  id: string
  agents: readonly string[]
  messages: number
  waiting: number
  lastAt: number
  /** The beginning of its newest message. */
  last: string
}

export type MailboxHealth = {
  kind: 'memory' | 'sqlite' | 'nats'
  /** The path of the file, or the servers without what is secret; `this process` for memory. */
  where: string
  reachable: boolean
  problem?: string
}

/** What a mailbox keeps to. */
export type MailboxRules = {
  /** Of a message's text, in bytes of UTF-8. */
  maxBytes: number
  /** Of a message that fails, before it is a dead letter. */
  maxTries: number
  /** Before the second try, in milliseconds; doubled for each further one, up to `longestBackoffMs`. */
  backoffMs: number
  longestBackoffMs: number
  keepMs: number
}

/** Where nobody says other. */
export const defaultRules: MailboxRules = {
  maxBytes: 65_536,
  maxTries: 5,
  backoffMs: 2_000,
  longestBackoffMs: 300_000,
  keepMs: 30 * 24 * 3_600_000,
}
