import { SubagentError } from '@subagent-mcp/contract'
import { readFact, type DurableFact, type Supervisor } from '@subagent-mcp/core'
import { endLeftovers } from '@subagent-mcp/driver-kit'
import type { Entry, Journal } from '@subagent-mcp/journal'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { settle } from '../mail/settle.js'
import type { Config } from '../settings/config.js'

type Parts = { journal: Journal; supervisor: Supervisor; log: (line: string) => void }

/**
 * Takes over from owners of the journal that are dead. Their agents are there when it returns; when it resolves, no
 * process of theirs is left. Never rejects.
 */
export async function recoverHouse({ journal, supervisor, log }: Parts): Promise<void> {
  try {
    const { owners, entries } = journal.adopt()
    supervisor.adopt(factsOf(entries))
    if (owners.length === 0) return
    const ended = await endLeftovers(owners.map(({ nonce }) => nonce))
    journal.bury(owners)
    const who = owners.map(({ kind, pid }) => `${kind} ${pid}`).join(', ')
    log(`took over from ${who}, which ended without a word; ${ended} of its processes were left`)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    log(`cannot take over from an earlier daemon: ${error.message}`)
  }
}

function* factsOf(entries: Iterable<Entry>): Iterable<DurableFact> {
  for (const { body } of entries) {
    const fact = readFact(body)
    if (fact) yield fact
  }
}

type TidyParts = Parts & { rules: Config['journal']; mailbox: Pick<Mailbox, 'tidy'> }

const hour = 3_600_000
const day = 24 * hour

/** Forgets old agents and messages now and then, by age and by size, until the returned function is called. Never throws. */
export function keepTidy(parts: TidyParts): () => void {
  const { clock } = parts.supervisor
  const tidy = (): void => {
    try {
      forgetOld(parts)
    } catch (error) {
      if (!(error instanceof SubagentError)) throw error
      parts.log(`cannot forget old agents: ${error.message}`)
    }
    void settle(parts.mailbox.tidy(), parts.log)
    cancel = clock.after(hour, tidy)
  }
  let cancel = clock.after(hour, tidy)
  return () => {
    cancel()
  }
}

function forgetOld({ journal, supervisor, rules, log }: Omit<TidyParts, 'mailbox'>): void {
  const at = supervisor.clock.now()
  const agentIds = journal.retain({
    endedBefore: at - rules.keepDays * day,
    maxBytes: rules.maxMegabytes * 1024 * 1024,
    removable: (id) => !supervisor.fleet().open.has(id),
  })
  if (agentIds.length === 0) return
  supervisor.dispatch({ type: 'agents-pruned', at, agentIds })
  log(`forgot ${agentIds.length} old agents`)
}
