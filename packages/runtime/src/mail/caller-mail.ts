import type { Clock } from '@subagent-mcp/contract'
import { createPendingMailCalls, type Mailbox, type MessageSender } from '@subagent-mcp/mailbox'
import type { MailPort } from '@subagent-mcp/mcp-server'
import { createHostMailbox, type CallerMailbox } from './host-mailbox.js'
import { createMailReceiver, mailFailurePrefix } from './mail-receiver.js'
import { watchMailboxUse } from './watch-mailbox-use.js'
import { settleAndLogFailure } from '../log-failure.js'

export type CallerMailContext = {
  mailbox: Omit<Mailbox, 'publish' | 'tidy' | 'health' | 'close'>
  /** The name of this machine. */
  host: string
  clock: Clock
  log: (line: string) => void
}

/** A caller that may have a mailbox. */
export type MailCaller = {
  caller: string
  /** The root folder of the caller's project. */
  root: string
  /** The number of nested agent sessions in which the caller runs. */
  depth: number
  environment: Readonly<Record<string, string | undefined>>
  pid?: number
}

/** The mail port of one caller's connection. */
export type ConnectionMail = {
  port: MailPort
  /** Registers the caller in the mailbox, so that others can write to it before it uses its mail. Never throws. */
  settleIn(): void
  /** Unregisters the caller from the mailbox. Releases taken messages that are not known to have reached the caller. */
  leave(): void
}

/** Returns the mail of a caller; `undefined` for an agent without a mailbox. */
export type CallerMail = (client: MailCaller) => ConnectionMail | undefined

/** Creates the mail of callers. A caller is registered in the mailbox by `settleIn`, or when it first uses its mail. */
export function createCallerMail(parts: CallerMailContext): CallerMail {
  return (client) => {
    if (client.depth === 0) return connectionMail(parts, client, createHostMailbox(parts, client))
    const name = client.environment['SUBAGENT_MCP_MAILBOX']
    if (!name) return undefined
    const door = { name: () => name, byTurns: true, enter: () => Promise.resolve() }
    return connectionMail(parts, client, door)
  }
}

function connectionMail(
  { mailbox, host, clock, log }: CallerMailContext,
  { caller }: MailCaller,
  door: CallerMailbox,
): ConnectionMail {
  let isUsed = false
  const takes = new Set<string>()
  const calls = createPendingMailCalls()
  const end = new AbortController()
  const enter = async (): Promise<string> => {
    isUsed = true
    await door.enter()
    // If the caller has disconnected meanwhile, its name must be unregistered here.
    if (end.signal.aborted) await mailbox.leave(caller)
    return door.name()
  }
  const from = (name: string): MessageSender => ({ name, host, through: 'agent' })
  const settle = (work: Promise<unknown>): void => void settleAndLogFailure(mailFailurePrefix, work, log)
  return {
    port: {
      get name() {
        return door.name()
      },
      byTurns: door.byTurns,
      ...(door.byTurns ? alwaysUsed : watchMailboxUse({ mailbox, clock, name: door.name, left: end.signal })),
      send: async ({ text, ...order }) => mailbox.send({ ...order, body: text, from: from(await enter()) }),
      reply: async ({ message, text }) => mailbox.reply({ message, body: text, from: from(await enter()) }),
      inbox: async (limit) => readInbox(mailbox, await enter(), limit),
      ...createMailReceiver({
        ...{ mailbox, log, caller, enter, takes, calls, busy: new Set(), left: end.signal },
        byTurns: door.byTurns,
      }),
    },
    settleIn: () => settle(enter()),
    leave: () => {
      end.abort()
      settle(depart())
    },
  }

  // Released first, because messages that a leaving handler holds count as failed tries, and these were never shown to a model.
  async function depart(): Promise<void> {
    for (const take of takes) settle(calls.follow(mailbox.release(take)))
    await calls.ended()
    if (isUsed) await mailbox.leave(caller)
  }
}

async function readInbox(mailbox: Pick<Mailbox, 'inbox' | 'count'>, agent: string, limit: number) {
  const messages = await mailbox.inbox(agent, { limit })
  return { messages, total: await mailbox.count({ of: 'inbox', agent }) }
}

/** An agent that gets its messages from its worker always has a use for the mailbox. */
const alwaysUsed = { isUsed: () => Promise.resolve(true), onUsed: () => () => undefined }
