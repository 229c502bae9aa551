import type { RecapReport, SearchReport, UsageReport } from '@subagent-mcp/api'
import type { Supervisor } from '@subagent-mcp/core'
import type { Mailbox } from '@subagent-mcp/mailbox'
import type { RuntimeState } from '../state/state.js'
import { noWorktrees, type AgentWorktrees } from '../worktrees/agent-worktrees.js'
import { keepSearch, type SearchRequest } from './keep-search.js'
import { keepUsage } from './keep-usage.js'
import { reportRecap, type RecapRequest } from './report-recap.js'
import type { UsageRequest } from './report-usage.js'

/** What people look at afterwards, about the agents of all callers. */
export type Reports = {
  /** Reports what agents have used, of deleted ones too, with account limits and budgets of the day. */
  usage(request: UsageRequest): UsageReport
  /** Searches the texts of agents and of the mailbox. @throws SubagentError `invalid-parameter`, `io-failed` */
  search(request: SearchRequest): Promise<SearchReport>
  /** Tells what agents did since a time, and what waits for the user now. @throws SubagentError `io-failed` */
  recap(request: RecapRequest): Promise<RecapReport>
}

type Parts = {
  supervisor: Supervisor
  state: Pick<RuntimeState, 'usage' | 'history' | 'hasAgent' | 'searchIndex'>
  mailbox: Pick<Mailbox, 'sent' | 'health'>
  /** Default: no agent has a worktree. */
  worktrees?: Pick<AgentWorktrees, 'list'>
  stalledAfter: number
  log?: (line: string) => void
}

/** Creates the reports. `countAll` counts the usage of agents that were taken over. */
export function createReports(parts: Parts): { reports: Reports; countAll(): void; stop(): void } {
  const { supervisor, state, worktrees = noWorktrees, log = () => undefined } = parts
  const usage = keepUsage({ supervisor, table: state.usage, log })
  const running = new Map<number | undefined, Promise<RecapReport>>()
  const { search, stop } = keepSearch({ ...parts, log })
  return {
    reports: {
      ...{ usage: usage.report, search },
      recap: (request) => {
        // Several pages that open together ask for the same.
        const recap =
          running.get(request.since) ?? reportRecap(request, { ...parts, worktrees, history: state.history })
        running.set(request.since, recap)
        return recap.finally(() => running.delete(request.since))
      },
    },
    countAll: usage.countAll,
    stop: () => {
      usage.stop()
      stop()
    },
  }
}
