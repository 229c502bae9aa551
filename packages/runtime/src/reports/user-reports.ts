import type {
  RecapQuery,
  RecapReport,
  SearchQuery,
  SearchReport,
  TokenUsageQuery,
  TokenUsageReport,
} from '@subagent-mcp/api'
import type { Supervisor } from '@subagent-mcp/core'
import type { Mailbox } from '@subagent-mcp/mailbox'
import type { RuntimeState } from '../state/runtime-state.js'
import { disabledWorktrees, type AgentWorktrees } from '../worktrees/agent-worktrees.js'
import { createTextSearch } from './text-search.js'
import { createTokenUsageCounter } from './token-usage-counter.js'
import { reportRecap } from './report-recap.js'

/** Usage, search and recap for people, about the agents of all callers. */
export type UserReports = {
  /** Reports what agents have used, of deleted ones too, with account limits and budgets of the day. */
  usage(request: TokenUsageQuery): TokenUsageReport
  /** Searches the texts of agents and of the mailbox. @throws SubagentError `invalid-parameter`, `io-failed` */
  search(request: SearchQuery): Promise<SearchReport>
  /** Returns what agents did since a time, and what waits for the user now. @throws SubagentError `io-failed` */
  recap(request: RecapQuery): Promise<RecapReport>
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

/** Creates the reports for people. `countAll` counts the usage of agents that were taken over. */
export function createUserReports(parts: Parts): { reports: UserReports; countAll(): void; stop(): void } {
  const { supervisor, state, worktrees = disabledWorktrees, log = () => undefined } = parts
  const usage = createTokenUsageCounter({ supervisor, table: state.usage, log })
  const running = new Map<number | undefined, Promise<RecapReport>>()
  const { search, stop } = createTextSearch({ ...parts, log })
  return {
    reports: {
      ...{ usage: usage.report, search },
      recap: (request) => {
        // Several browser pages that open together request the same report.
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
