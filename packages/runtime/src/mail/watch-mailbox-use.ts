import { createDebouncedCall, SubagentError, type Clock } from '@subagent-mcp/contract'
import type { MailAgent, Mailbox } from '@subagent-mcp/mailbox'
import type { MailPort } from '@subagent-mcp/mcp-server'

type MailUseParts = {
  mailbox: Pick<Mailbox, 'agents' | 'count' | 'onChange'>
  clock: Clock
  name: () => string
  /** Aborts when the caller has left. */
  left: AbortSignal
}

/** Milliseconds between a change of the mailbox and the look at it, so that several changes need one look. */
const pauseMs = 200

/** The most milliseconds that a list of tools waits for a look at the mailbox, whose server may not answer. */
const longestLook = 250

/**
 * Follows whether a host has a use for the mailbox: another agent or a worker reads messages in it, or messages for the host wait.
 * A use, once found, stays for the connection, because a tool that vanishes breaks a conversation and the host's prompt cache.
 */
export function watchMailboxUse({
  mailbox,
  clock,
  name,
  left,
}: MailUseParts): Pick<MailPort, 'isUsed' | 'onUsed'> {
  const listeners = new Set<() => void>()
  let isUsed = false
  const look = async (): Promise<boolean> => {
    isUsed ||= await mayRead(async () => {
      const agents = await mailbox.agents()
      return agents.some((agent) => isOther(agent, name())) || (await holdsMail(mailbox, name()))
    })
    return isUsed
  }
  const tellIfUsed = (found: boolean): void => {
    if (!found) return
    for (const listener of listeners) listener()
    listeners.clear()
  }
  const looking = createDebouncedCall(clock, pauseMs, () => void look().then(tellIfUsed))
  const unheard = mailbox.onChange(() => {
    if (listeners.size > 0) looking.request()
  })
  left.addEventListener('abort', () => {
    looking.cancel()
    unheard()
  })
  return {
    isUsed: () =>
      new Promise((resolve, reject) => {
        const looked = look()
        const stop = clock.after(longestLook, () => {
          resolve(false)
          looked.then(tellIfUsed, reject)
        })
        looked.then(resolve, reject).finally(stop)
      }),
    onUsed: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Whether a known agent is not the host itself. A worker in the same folder has the host's name, and counts as another agent. */
function isOther({ name, handlers }: MailAgent, own: string): boolean {
  return handlers.some(({ kind }) => kind === 'worker' || name !== own)
}

async function holdsMail(mailbox: MailUseParts['mailbox'], agent: string): Promise<boolean> {
  return (await mailbox.count({ of: 'inbox', agent })) > 0
}

/** Returns the result of `read`; `false` if the mailbox cannot be read, because its tools would fail, too. */
async function mayRead(read: () => Promise<boolean>): Promise<boolean> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof SubagentError) return false
    throw error
  }
}
