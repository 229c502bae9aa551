import { createDebouncedCall } from '@subagent-mcp/contract'
import {
  listAnswerableQuestions,
  willAgentReportUnprompted,
  mayFactChangeStatus,
  mayNotifyHostOfAgent,
  computeReportKeys,
  listAgentsWithUnreadReports,
  type Agent,
  type AgentsState,
  type Supervisor,
  type AgentsWithUnreadReports,
  type UnreadReportsQuery,
} from '@subagent-mcp/core'
import { runAndLogFailure } from '../log-failure.js'
import {
  hasUnreadReports,
  hasAgentCounts,
  writeSessionAgentCounts,
  writeUnreadReportsForHooks,
  writeUnpromptedTurnLimit,
  type ProjectHostSession,
  type SessionAgentCounts,
  type SessionWithReports,
} from '@subagent-mcp/orchestration'

type AgentHintParts = {
  supervisor: Pick<Supervisor, 'state' | 'subscribe' | 'clock'>
  /** The state folder, in which hooks read the files of agents. */
  folder: string
  /** The most turns in a row of a host session that no person typed. */
  maxWakes: number
  log: (line: string) => void
}

/** Milliseconds between a change and the write of the files. A wait that follows within this time needs no hint. */
const pauseMs = 200

/**
 * Keeps two files up to date, until the returned function is called: hooks read in one which host sessions have not received
 * reports of their agents, and the status line reads in the other how many agents each session has.
 */
export function startAgentHintFiles({ supervisor, folder, maxWakes, log }: AgentHintParts): () => void {
  const written = new Map<unknown, string>()
  let mayWake = false
  const write = (): void => {
    const sessions = waitingSessions(supervisor)
    mayWake = sessions.some(hasUnreadReports) || supervisor.state().unsettled.some(runsForHost)
    const statuses = sessionStatuses(supervisor.state())
    const writeChanged = <Content>(
      writer: (folder: string, content: Content) => void,
      content: Content,
    ): void => {
      const text = JSON.stringify([content])
      if (written.get(writer) === text) return
      writer(folder, content)
      written.set(writer, text)
    }
    const writeAll = (): void => {
      writeChanged(writeUnreadReportsForHooks, sessions)
      writeChanged(writeUnpromptedTurnLimit, mayWake ? maxWakes : undefined)
      writeChanged(writeSessionAgentCounts, statuses)
    }
    runAndLogFailure('hooks cannot tell of agents', writeAll, log)
  }
  const writing = createDebouncedCall(supervisor.clock, pauseMs, write)
  const unsubscribe = supervisor.subscribe((fact) => {
    if (!mayFactChangeStatus(fact)) return
    // Without the file, hooks would take the end of the daemon for the end of all agents.
    if (!mayWake && supervisor.state().unsettled.some(runsForHost)) write()
    else writing.request()
  })
  write()
  return () => {
    unsubscribe()
    if (writing.cancel()) write()
  }
}

function runsForHost(agent: Agent): boolean {
  return agent.profile.depth === 1 && !agent.profile.terminal && willAgentReportUnprompted(agent)
}

function waitingSessions({ state }: AgentHintParts['supervisor']): readonly SessionWithReports[] {
  return listSessionsWithUnreadReports(state()).map((session) => ({
    ...session,
    ...computeReportKeys(session),
  }))
}

/** The unread agents of a connected host, which its processes identify, or those of disconnected hosts in a project. */
export type SessionWithUnreadReports = AgentsWithUnreadReports & ProjectHostSession

/** Lists the unread agents of all connected hosts, and of the projects with unread reports for disconnected hosts. */
export function listSessionsWithUnreadReports(state: AgentsState): readonly SessionWithUnreadReports[] {
  return hostSessions(state)
    .map(({ session, query }) => ({ ...session, ...listAgentsWithUnreadReports(state, query) }))
    .filter((unread) => unread.processes !== undefined || hasUnreadReports(unread))
}

/** The numbers of agents of all sessions that have some to show. */
function sessionStatuses(state: AgentsState): readonly SessionAgentCounts[] {
  const agents = [...state.unsettled.values()]
  return hostSessions(state)
    .map(({ session, query }) => {
      const own = agents.filter((agent) => mayNotifyHostOfAgent(state, query, agent))
      const asking = own.filter((agent) => listAnswerableQuestions(agent).length > 0)
      const working = own.filter((agent) => willAgentReportUnprompted(agent) && !asking.includes(agent))
      const { finished } = listAgentsWithUnreadReports(state, query)
      return {
        ...session,
        ...{ working: working.length, asking: asking.length, finished: finished.length },
      }
    })
    .filter(hasAgentCounts)
}

/** All connected hosts, and the projects for hosts that are gone, with the agents of which each learns. */
function hostSessions({
  unsettled,
  callers,
}: AgentsState): readonly { session: ProjectHostSession; query: UnreadReportsQuery }[] {
  const hosts = [...callers].flatMap(([caller, { project, hostProcesses: processes }]) =>
    processes ? [{ session: { project, processes }, query: { caller } }] : [],
  )
  const projects = new Set([...unsettled.values()].map(({ profile }) => profile.project))
  return [...hosts, ...[...projects].map((project) => ({ session: { project }, query: { project } }))]
}
