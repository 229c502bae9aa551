import { SubagentError } from '@subagent-mcp/contract'
import type { Batch, Message, NextOrder } from '@subagent-mcp/mailbox'
import type { Asker } from '@subagent-mcp/api'
import type { Attendances } from './attendances.js'
import type { DaemonPort } from './port.js'

/**
 * Holds an agent at a shell to mail of its own name, so that no text that it was sent has it act for another. It is no wall
 * against a program of the same user: that says nothing of who it is, or has the mailbox's file. Each call @throws
 * SubagentError `invalid-parameter` for what is another's.
 */
export type OwnMail = {
  /** It looks at the mail of an agent, or reads it. */
  check(agent: string, asker: Asker | undefined): void
  /** Whether it may read a thread: an agent has a part in it, as sender or receiver. */
  hasPart(thread: readonly Pick<Message, 'from' | 'to'>[], asker: Asker | undefined): boolean
  /** It takes mail: of its own name, and not as somebody else who is there, whose mail would go back by that. */
  checkNext(order: Pick<NextOrder, 'agent' | 'instance'>, asker: Asker | undefined): Promise<void>
  /** It does something with what was taken: only with what it took itself. */
  checkTake(take: string, asker: Asker | undefined): void
  /** What somebody took. */
  took(batch: Pick<Batch, 'take'>, asker: Asker | undefined): void
}

/** Workers have what is theirs, and people all. */
export function createOwnMail(port: Pick<DaemonPort, Needed>, attendances: Attendances): OwnMail {
  const taken = new Map<string, string>()
  const nameOf = (asker: Asker | undefined): string | undefined => {
    if (!asker || attendances.list().some(({ pid }) => pid === asker.pid)) return undefined
    return port.depthOf(asker) > 0 ? (port.mailboxOf(asker) ?? nameless) : undefined
  }
  const check = (agent: string, own: string | undefined): void => {
    if (own !== undefined && own !== agent) throw ofAnother(own, agent)
  }
  return {
    check: (agent, asker) => {
      check(agent, nameOf(asker))
    },
    hasPart: (thread, asker) => {
      const own = nameOf(asker)
      return own === undefined || thread.some(({ from, to }) => to === own || from.name === own)
    },
    checkNext: async ({ agent, instance }, asker) => {
      const own = nameOf(asker)
      check(agent, own)
      if (own === undefined) return
      const known = await port.mailbox.agents()
      if (known.some(({ handlers }) => handlers.some((handler) => handler.instance === instance)))
        throw asAnother(instance)
    },
    checkTake: (take, asker) => {
      const own = nameOf(asker)
      if (own !== undefined && taken.get(take) !== own) throw notTaken(own, take)
    },
    took: ({ take }, asker) => {
      const own = nameOf(asker)
      if (own === undefined) return
      taken.set(take, own)
      const [oldest] = taken.keys()
      if (taken.size > mostTaken && oldest !== undefined) taken.delete(oldest)
    },
  }
}

type Needed = 'depthOf' | 'mailboxOf' | 'mailbox'

/** The name of all agents that have none of their own. */
export const nameless = 'agent'

/** Far more than agents at shells have in hand at once. */
const mostTaken = 1_000

function ofAnother(own: string, agent: string): SubagentError {
  return new SubagentError(
    'invalid-parameter',
    `agent: an agent has the mail of '${own}', not of '${agent}'`,
    {
      hint: `its own: subagent-mcp chat inbox ${own}; to write to the other: subagent-mcp chat send`,
    },
  )
}

function asAnother(instance: string): SubagentError {
  return new SubagentError('invalid-parameter', `instance: '${instance}' is somebody who is there`, {
    hint: 'take as an instance of your own: subagent-mcp chat wait does',
  })
}

function notTaken(own: string, take: string): SubagentError {
  return new SubagentError('invalid-parameter', `take: '${take}' was not taken by '${own}'`, {
    hint: 'take what is yours: subagent-mcp chat wait',
  })
}
