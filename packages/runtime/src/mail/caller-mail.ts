import { createCallsUnderWay, type Mailbox, type Sender } from '@subagent-mcp/mailbox'
import type { MailPort } from '@subagent-mcp/mcp-server'
import { hostDoor, type Door } from './host-door.js'
import { receiving } from './receiving.js'
import { settle } from './settle.js'

/** What the mail of callers is made of. */
export type CallerMailParts = {
  mailbox: Pick<Mailbox, keyof MailboxCalls>
  /** The name of this machine. */
  host: string
  log: (line: string) => void
}
type MailboxCalls = Omit<Mailbox, 'publish' | 'onChange' | 'tidy' | 'health' | 'close'>

/** A caller who may have mail: where it is, and what it has. */
export type MailVisitor = {
  caller: string
  /** Of its project. */
  root: string
  /** How many of our sessions it is inside. */
  depth: number
  environment: Readonly<Record<string, string | undefined>>
  pid?: number
}

/** The mail of one caller, until it leaves: what it did not receive then goes back. */
export type VisitorMail = {
  port: MailPort
  /** It is here to stay: it can be written to from now on, and not only once it has used its mail. Never throws. */
  settleIn(): void
  leave(): void
}

/** Gives callers their mail; `undefined` to an agent that has no mailbox. */
export type CallerMail = (visitor: MailVisitor) => VisitorMail | undefined

/** The mailbox hears of a caller when it first uses its mail, or settles in. */
export function createCallerMail(parts: CallerMailParts): CallerMail {
  return (visitor) => {
    if (visitor.depth === 0) return visitorMail(parts, visitor, hostDoor(parts, visitor))
    const name = visitor.environment['SUBAGENT_MCP_MAILBOX']
    if (!name) return undefined
    const door = { name: () => name, byTurns: true, enter: () => Promise.resolve() }
    return visitorMail(parts, visitor, door)
  }
}

function visitorMail(
  { mailbox, host, log }: CallerMailParts,
  { caller }: MailVisitor,
  door: Door,
): VisitorMail {
  let isUsed = false
  const takes = new Set<string>()
  const calls = createCallsUnderWay()
  const end = new AbortController()
  const enter = async (): Promise<string> => {
    isUsed = true
    await door.enter()
    // It may have left meanwhile: then nobody else tells that it is not here.
    if (end.signal.aborted) await mailbox.leave(caller)
    return door.name()
  }
  const from = (name: string): Sender => ({ name, host, through: 'agent' })
  return {
    port: {
      get name() {
        return door.name()
      },
      byTurns: door.byTurns,
      send: async ({ text, ...order }) => mailbox.send({ ...order, body: text, from: from(await enter()) }),
      reply: async ({ message, text }) => mailbox.reply({ message, body: text, from: from(await enter()) }),
      inbox: async (limit) => {
        const agent = await enter()
        const messages = await mailbox.inbox(agent, { limit })
        return { messages, total: await mailbox.count({ of: 'inbox', agent }) }
      },
      ...receiving({
        ...{ mailbox, log, caller, enter, takes, calls, byTurns: door.byTurns },
        ...{ busy: new Set(), left: end.signal },
      }),
    },
    settleIn: () => void settle(enter(), log),
    leave: () => {
      end.abort()
      void settle(depart(), log)
    },
  }

  // What a handler holds when it leaves counts as a try of its. This it has not even seen, or has read already.
  async function depart(): Promise<void> {
    for (const take of takes) void settle(calls.follow(mailbox.release(take)), log)
    await calls.ended()
    if (isUsed) await mailbox.leave(caller)
  }
}
