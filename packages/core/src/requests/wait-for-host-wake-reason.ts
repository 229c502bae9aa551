import type { Agent } from '../agent/agent.js'
import { willAgentReportUnprompted } from '../agent/agent-view.js'
import type { AgentsState } from '../state/agents-state.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import {
  mayNotifyHostOfAgent,
  computeReportKeys,
  listAgentsWithUnreadReports,
  type ReportKeys,
  type UnreadReportsQuery,
} from './agents-with-unread-reports.js'
import { waitForFact } from './wait-for-fact.js'
import { hasOnlyUnreadableReports, selectNewReports } from './agent-wait-outcome.js'

/**
 * The host session to wake, by a process of the host and a project. `known`: keys of the reports of which the session had a
 * notice.
 */
export type HostWakeQuery = { process: number; project: string; known: readonly string[] }

/** The reason to wake a host session, with the keys of all its unread reports. `over`: the session can get no more reports. */
export type HostWakeReason = ({ type: 'unread' } & ReportKeys) | { type: 'over' }

/** Milliseconds between the first unread report and the wake, so that agents that end together start one turn of their caller. */
export const hostWakeDelayMs = 1_000

/**
 * Waits until a host session has unread reports of which it had no notice; reports from before the call count. Resolves with `over`
 * when no agent can report to the session any more, when the session's connection has ended, or when the signal aborts.
 */
export async function waitForHostWakeReason(
  supervisor: Supervisor,
  query: HostWakeQuery,
  signal: AbortSignal,
): Promise<HostWakeReason> {
  for (;;) {
    const look = (): HostWakeReason | undefined => wakeIn(supervisor.state(), query)
    const first = await waitForFact(supervisor, look, { signal })
    if (first.type !== 'found' || first.found.type === 'over') return { type: 'over' }
    // If the session receives all reports within this pause, it is not woken.
    const isReceived = (): true | undefined => (look()?.type === 'unread' ? undefined : true)
    const collected = await waitForFact(supervisor, isReceived, { timeout: hostWakeDelayMs, signal })
    const wake = collected.type === 'timed-out' ? look() : undefined
    if (wake) return wake
  }
}

/** The reason to wake a session now; undefined while such a reason may still arise. */
function wakeIn(state: AgentsState, { process, project, known }: HostWakeQuery): HostWakeReason | undefined {
  const session = findHostSession(state, { process, project })
  if (!session) return { type: 'over' }
  const keys = computeReportKeys(listAgentsWithUnreadReports(state, session))
  if ([...keys.finished, ...keys.asking].some((key) => !known.includes(key)))
    return { type: 'unread', ...keys }
  const mayReport = (agent: Agent): boolean =>
    willAgentReportUnprompted(agent) ||
    (selectNewReports(state, session.caller, agent).reports.length > 0 &&
      !hasOnlyUnreadableReports(state, agent))
  return state.unsettled.some((agent) => mayNotifyHostOfAgent(state, session, agent) && mayReport(agent))
    ? undefined
    : { type: 'over' }
}

/**
 * A host's connection. `project` is set if no other host is connected there: then the host also gets agents of disconnected hosts.
 */
type HostThread = UnreadReportsQuery & { caller: string }

/**
 * The connection of the host to which a process belongs; the nearest one if hosts run inside each other. On systems that do not
 * reveal the processes of hosts: the only connection of the project.
 */
export function findHostSession(
  { callers }: AgentsState,
  { process, project }: Pick<HostWakeQuery, 'process' | 'project'>,
): HostThread | undefined {
  const hosts = [...callers].flatMap(([caller, { hostProcesses, ...state }]) =>
    hostProcesses ? [{ caller, project: state.project, hostProcesses }] : [],
  )
  const distance = ({ hostProcesses }: { hostProcesses: readonly number[] }): number =>
    hostProcesses.indexOf(process)
  const [own] = hosts
    .filter((host) => distance(host) >= 0)
    .toSorted((one, other) => distance(one) - distance(other))
  const here = hosts.filter((host) => host.project === (own?.project ?? project))
  const [only] = here
  const found = own ?? (here.length === 1 && only?.hostProcesses.length === 0 ? only : undefined)
  return found && { caller: found.caller, ...(here.length === 1 && { project: found.project }) }
}
