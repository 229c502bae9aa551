import type { Supervisor } from '@subagent-mcp/core'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { runAndLogFailure, settleAndLogFailure } from '../log-failure.js'
import type { RuntimeState } from './runtime-state.js'

/** The days for which ended agents are kept, and the size of the state above which the oldest ended agents are deleted. */
export type RetentionLimits = { keepDays: number; maxMegabytes: number }

type Parts = {
  state: RuntimeState
  supervisor: Supervisor
  mailbox: Pick<Mailbox, 'tidy'>
  retention: RetentionLimits
  log: (line: string) => void
}

const hour = 3_600_000
const day = 24 * hour

/** Deletes old agents and messages every hour, until the returned function is called. Never throws. */
export function deleteOldAgentsRegularly(parts: Parts): () => void {
  const { clock } = parts.supervisor
  const tidy = (): void => {
    runAndLogFailure('cannot forget old agents', () => forgetOld(parts), parts.log)
    void settleAndLogFailure('cannot forget old messages', parts.mailbox.tidy(), parts.log)
    cancel = clock.after(hour, tidy)
  }
  let cancel = clock.after(hour, tidy)
  return () => {
    cancel()
  }
}

function forgetOld({ state, supervisor, retention, log }: Parts): void {
  const at = supervisor.clock.now()
  const agentIds = state.forgetOld({
    endedBefore: at - retention.keepDays * day,
    maxBytes: retention.maxMegabytes * 1024 * 1024,
    removable: (id) => !supervisor.state().open.has(id),
  })
  if (agentIds.length === 0) return
  supervisor.dispatch({ type: 'agents-pruned', at, agentIds })
  log(`forgot ${agentIds.length} old agents`)
}
