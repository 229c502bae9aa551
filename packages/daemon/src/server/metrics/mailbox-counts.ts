import { SubagentError } from '@subagent-mcp/contract'
import type { Mailbox } from '@subagent-mcp/mailbox'

/** The numbers of waiting and dead messages in the mailbox; empty while the mailbox cannot be reached. */
export type MailboxCounts = { waiting: number; dead: number } | Record<string, never>

/** Counts the waiting and the dead messages of all agents together. */
export async function readMailboxCounts(mailbox: Pick<Mailbox, 'agents'>): Promise<MailboxCounts> {
  try {
    const agents = await mailbox.agents()
    const total = (field: 'waiting' | 'dead'): number => agents.reduce((sum, agent) => sum + agent[field], 0)
    return { waiting: total('waiting'), dead: total('dead') }
  } catch (error) {
    if (error instanceof SubagentError) return {}
    throw error
  }
}
