import { once } from '@subagent-mcp/contract'
import type { Agent } from '../agent/agent.js'
import { willAgentReportUnprompted } from '../agent/agent-view.js'
import { closeTaskCall, deleteDeliveredTask } from './wait-for-task.js'
import { listPendingApprovals } from '../agent/reports.js'
import { waitTicketLifetimeMs } from '../agent/agent-wait-ticket.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import { waitForFact, type WaitOptions } from './wait-for-fact.js'
import {
  computeWaitOutcome,
  type AgentWithNewReports,
  type AgentWaitOutcome,
  type AgentWaitQuery,
} from './agent-wait-outcome.js'

/**
 * The end of a wait for reports: with reports, by its time limit, or cancelled. Later waits return the same reports until
 * `received` is called.
 */
export type ReportWaitResult =
  | ({ type: 'done' | 'timed-out'; outcome: AgentWaitOutcome } & ReportDelivery)
  | { type: 'cancelled' }

/** The delivery of reports to a caller. The caller's connection calls one of these two functions, once. */
export type ReportDelivery = {
  /** The reports have arrived, so later waits do not return them. */
  received(): void
  /** It is not known that the reports have arrived. `wasSent`: they were written to the connection, so they may have. */
  lost(wasSent: boolean): void
}

/**
 * Waits until an agent has a new report, or until the wait ends otherwise. Until the reports have arrived or are lost, no other
 * wait of the caller returns them, and `listAgentsWithUnreadReports` leaves out the agents that the wait covers.
 */
export async function waitForReports(
  supervisor: Supervisor,
  query: AgentWaitQuery,
  { timeout, ...patience }: WaitOptions = {},
): Promise<ReportWaitResult> {
  const { clock } = supervisor
  const wait = openWait(supervisor, query)
  const look = (): AgentWaitOutcome => computeWaitOutcome(supervisor.state(), { ...query, waitId: wait.id })
  const isDone = (): true | undefined => look().done || undefined
  const deadline = timeout === undefined ? undefined : clock.now() + timeout
  for (;;) {
    const left = deadline === undefined ? {} : { timeout: Math.max(0, deadline - clock.now()) }
    const waited = await waitForFact(supervisor, isDone, { ...patience, ...left })
    if (waited.type === 'cancelled') {
      wait.close()
      return waited
    }
    // Another wait that ended with the same fact may have taken the reports.
    const outcome = look()
    if (waited.type === 'found' && !outcome.done) continue
    wait.answer(outcome.news)
    const { caller } = query
    const delivery = offerReportsToCaller(supervisor, { caller, news: outcome.news, close: wait.close })
    return { type: waited.type === 'found' ? 'done' : 'timed-out', outcome, ...delivery }
  }
}

type OpenedWait = { id: string; answer(news: readonly AgentWithNewReports[]): void; close(): void }

/** Notes that a call waits for agents, until it is closed. */
function openWait({ dispatch, clock, ids }: Supervisor, { caller, agentIds }: AgentWaitQuery): OpenedWait {
  const waitId = ids.message()
  dispatch({ type: 'wait-opened', at: clock.now(), waitId, caller, ...(agentIds && { agentIds }) })
  return {
    id: waitId,
    answer: (news) => {
      const answer = Object.fromEntries(news.map(({ agent }) => [agent.profile.id, agent.reports.length]))
      dispatch({ type: 'wait-answered', at: clock.now(), waitId, answer })
    },
    close: once(() => {
      dispatch({ type: 'wait-closed', at: clock.now(), waitId })
    }),
  }
}

type Offer = { caller: string; news: readonly AgentWithNewReports[]; close?: () => void }

/** Journals that reports are sent to a caller. `close` is called once they have arrived or are lost. */
export function offerReportsToCaller(
  supervisor: Supervisor,
  { caller, news, close = () => undefined }: Offer,
): ReportDelivery {
  const note = (upTo: (agent: Agent) => number): void => {
    for (const { agent, reports } of news) {
      const { id: agentId } = agent.profile
      if (reports.length === 0 || !supervisor.state().agents.has(agentId)) continue
      const at = supervisor.clock.now()
      supervisor.dispatch({ type: 'reports-offered', at, agentId, caller, upTo: upTo(agent) })
    }
  }
  note(({ reports }) => reports.length)
  return {
    received: () => {
      acknowledgeReports(supervisor, caller, { news })
      close()
    },
    lost: (wasSent) => {
      if (!wasSent) note(({ delivered }) => delivered[caller] ?? 0)
      for (const { agent } of news) closeTaskCall(supervisor, agent.profile.id)
      close()
    },
  }
}

/**
 * Marks reports as received, so that later waits do not return them, except those of agents with a text that could not be read. Deletes finished tasks that this caller has launched. A task
 * of another caller stays, even if that caller is disconnected, because it may connect again and ask for the result.
 */
export function acknowledgeReports(
  supervisor: Supervisor,
  caller: string,
  { news }: Pick<AgentWaitOutcome, 'news'>,
): void {
  for (const { agent } of news) {
    const { id: agentId, pool, caller: launcher } = agent.profile
    if (supervisor.state().unreadable.has(agentId)) {
      closeTaskCall(supervisor, agentId)
      continue
    }
    const isOver = !willAgentReportUnprompted(agent) && listPendingApprovals(agent).length === 0
    const isForgotten = pool !== undefined && isOver && launcher === caller
    const forget = (): void => void deleteDeliveredTask(supervisor, agentId)
    const hasTicket = Object.keys(agent.tickets).length > 0
    if (isForgotten && !hasTicket) {
      forget()
      continue
    }
    // The host may read the ticket's result again.
    if (isForgotten) supervisor.clock.after(waitTicketLifetimeMs, forget)
    const upTo = agent.reports.length
    supervisor.dispatch({ type: 'reports-delivered', at: supervisor.clock.now(), caller, agentId, upTo })
    closeTaskCall(supervisor, agentId)
  }
}
