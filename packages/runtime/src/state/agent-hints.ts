import {
  unreadAgents,
  type Agent,
  type AgentsState,
  type Fact,
  type Supervisor,
  type UnreadAgents,
} from '@subagent-mcp/core'
import { writeWaitingAgents, type WaitingSession } from '@subagent-mcp/orchestration'

type AgentHintParts = {
  supervisor: Pick<Supervisor, 'state' | 'subscribe' | 'clock'>
  /** The state folder, in which hooks read the file of waiting agents. */
  folder: string
  log: (line: string) => void
}

/** Milliseconds for which changes are collected before the file is written. A wait that follows at once needs no hint. */
const pauseMs = 200

/**
 * Keeps the file up to date that tells hooks which host sessions have not received reports of their agents, until the
 * returned function is called.
 */
export function keepAgentHints({ supervisor, folder, log }: AgentHintParts): () => void {
  let written = ''
  const write = (): void => {
    const sessions = waitingSessions(supervisor)
    const text = JSON.stringify(sessions)
    if (text === written) return
    try {
      writeWaitingAgents(folder, sessions)
      written = text
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
      log(`hooks cannot tell of agents: ${error.message}`)
    }
  }
  let cancel: (() => void) | undefined
  const unsubscribe = supervisor.subscribe((fact) => {
    if (!mayChangeReports(fact)) return
    cancel ??= supervisor.clock.after(pauseMs, () => {
      cancel = undefined
      write()
    })
  })
  write()
  return () => {
    unsubscribe()
    if (!cancel) return
    cancel()
    write()
  }
}

/** Streamed text and tool calls change no report. */
export function mayChangeReports(fact: Fact): boolean {
  if (fact.type !== 'session-event-received') return true
  return (
    fact.event.type === 'turn-ended' || fact.event.type === 'session-closed' || isQuestion(fact.event.type)
  )
}

function isQuestion(type: string): boolean {
  return type === 'approval-requested' || type === 'approval-withdrawn'
}

function waitingSessions({ state }: AgentHintParts['supervisor']): readonly WaitingSession[] {
  return unreadSessions(state()).map(({ finished, asking, ...session }) => ({
    ...session,
    finished: finished.map(keyOf),
    asking: asking.map(keyOf),
  }))
}

/** The agents of a connected host, known by its processes, or those that hosts which are gone left in a project. */
export type UnreadSession = UnreadAgents & { project: string; processes?: readonly number[] }

/** Lists all connected hosts, and the projects with unread reports for hosts that are gone. */
export function unreadSessions(state: AgentsState): readonly UnreadSession[] {
  const { agents, callers } = state
  const hosts = [...callers].flatMap(([caller, { project, hostProcesses }]) =>
    hostProcesses ? [{ project, processes: hostProcesses, ...unreadAgents(state, { caller }) }] : [],
  )
  const projects = new Set([...agents.values()].map(({ profile }) => profile.project))
  const left = [...projects].map((project) => ({ project, ...unreadAgents(state, { project }) }))
  return [...hosts, ...left.filter(({ finished, asking }) => finished.length + asking.length > 0)]
}

/** Another key for each report. */
function keyOf({ profile, reports }: Agent): string {
  return `${profile.id}.${reports.length}`
}
