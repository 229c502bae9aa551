import { delayCall } from '@subagent-mcp/contract'
import {
  isRunning,
  mayChangeStatus,
  reportKeys,
  unreadAgents,
  type Agent,
  type AgentsState,
  type Supervisor,
  type UnreadAgents,
} from '@subagent-mcp/core'
import {
  hasReports,
  writeWaitingAgents,
  writeWakeLimit,
  type WaitingSession,
} from '@subagent-mcp/orchestration'

type AgentHintParts = {
  supervisor: Pick<Supervisor, 'state' | 'subscribe' | 'clock'>
  /** The state folder, in which hooks read the file of waiting agents. */
  folder: string
  /** The most turns in a row of a host session that no person typed. */
  maxWakes: number
  log: (line: string) => void
}

/** Milliseconds between a change and the write of the file. A wait that follows within this time needs no hint. */
const pauseMs = 200

/**
 * Keeps a file up to date from which hooks read which host sessions have not received reports of their agents, until the returned
 * function is called.
 */
export function keepAgentHints({ supervisor, folder, maxWakes, log }: AgentHintParts): () => void {
  let written = ''
  const write = (): void => {
    const sessions = waitingSessions(supervisor)
    const mayWake = sessions.some(hasReports) || supervisor.state().agents.some(runsForHost)
    const text = JSON.stringify({ sessions, mayWake })
    if (text === written) return
    try {
      writeWaitingAgents(folder, sessions)
      writeWakeLimit(folder, mayWake ? maxWakes : undefined)
      written = text
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
      log(`hooks cannot tell of agents: ${error.message}`)
    }
  }
  const writing = delayCall(supervisor.clock, pauseMs, write)
  const unsubscribe = supervisor.subscribe((fact) => {
    if (mayChangeStatus(fact)) writing.request()
  })
  write()
  return () => {
    unsubscribe()
    if (writing.cancel()) write()
  }
}

function runsForHost(agent: Agent): boolean {
  return agent.profile.depth === 1 && !agent.profile.terminal && isRunning(agent)
}

function waitingSessions({ state }: AgentHintParts['supervisor']): readonly WaitingSession[] {
  return unreadSessions(state()).map((session) => ({ ...session, ...reportKeys(session) }))
}

/** The unread agents of a connected host, which its processes identify, or those of disconnected hosts in a project. */
export type UnreadSession = UnreadAgents & { project: string; processes?: readonly number[] }

/** Lists the unread agents of all connected hosts, and of the projects with unread reports for disconnected hosts. */
export function unreadSessions(state: AgentsState): readonly UnreadSession[] {
  const { agents, callers } = state
  const hosts = [...callers].flatMap(([caller, { project, hostProcesses }]) =>
    hostProcesses ? [{ project, processes: hostProcesses, ...unreadAgents(state, { caller }) }] : [],
  )
  const projects = new Set([...agents.values()].map(({ profile }) => profile.project))
  const left = [...projects].map((project) => ({ project, ...unreadAgents(state, { project }) }))
  return [...hosts, ...left.filter(hasReports)]
}
