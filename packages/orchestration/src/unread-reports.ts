import { isJsonObject, readHookFile, writeHookFile } from './hook-file.js'
import { reportNotices } from './session-notices.js'

export type ProjectHostSession = {
  /** The project of the session. */
  project: string
  /** The ids of the host's processes; undefined for agents of which any session of the project may learn. */
  processes?: readonly number[]
}

/** A host session with agents whose reports it has not received. No agent's words are in it. */
export type SessionWithReports = ProjectHostSession & {
  /** A key for each newest report of an agent that finished. */
  finished: readonly string[]
  asking: readonly string[]
}

export type UnreadReports = Pick<SessionWithReports, 'finished' | 'asking'>

/** Writes which host sessions have unread reports of agents, for hooks. @throws the system's error */
export function writeUnreadReportsForHooks(
  stateFolder: string,
  sessions: readonly SessionWithReports[],
): void {
  const areUnread = sessions.some(hasUnreadReports)
  writeHookFile(stateFolder, reportsFile, areUnread ? { sessions } : undefined)
  if (!areUnread) reportNotices.forget(stateFolder)
}

/** Reads which sessions have unread reports of agents; empty if the file is missing or cannot be read. Never throws. */
export function readUnreadReportsForHooks(stateFolder: string): readonly SessionWithReports[] {
  const sessions = readHookFile(stateFolder, reportsFile)?.['sessions']
  return Array.isArray(sessions) ? sessions.filter(isSession) : []
}

type HostProcess = { project: string; process: number }

/**
 * The entries for the session that a process belongs to: its own, and those of the project that belong to no session now.
 * A process that belongs to no known session gets those of all sessions in the project, because one of them is its own.
 */
export function findSessionsOfProcess<Session extends ProjectHostSession>(
  { project, process }: HostProcess,
  sessions: readonly Session[],
): readonly Session[] {
  const own = sessions.filter(({ processes }) => processes?.includes(process))
  const here = sessions.filter((session) => session.project === project)
  return own.length > 0 ? [...own, ...here.filter(({ processes }) => !processes)] : here
}

/** The reports for the session that a process belongs to; undefined for none. */
export function findUnreadReportsOfProcess(
  host: HostProcess,
  sessions: readonly SessionWithReports[],
): UnreadReports | undefined {
  const heard = findSessionsOfProcess(host, sessions)
  const reports = {
    finished: heard.flatMap(({ finished }) => finished),
    asking: heard.flatMap(({ asking }) => asking),
  }
  return hasUnreadReports(reports) ? reports : undefined
}

export function hasUnreadReports({
  finished,
  asking,
}: Record<keyof UnreadReports, readonly unknown[]>): boolean {
  return finished.length + asking.length > 0
}

const reportsFile = 'agents.json'

function isSession(value: unknown): value is SessionWithReports {
  return (
    isProjectHostSession(value) &&
    isReportKeyList(Reflect.get(value, 'finished')) &&
    isReportKeyList(Reflect.get(value, 'asking'))
  )
}

/** Whether a parsed value names a project, and processes if any. */
export function isProjectHostSession(value: unknown): value is ProjectHostSession {
  if (!isJsonObject(value) || typeof value['project'] !== 'string') return false
  const { processes } = value
  return processes === undefined || (Array.isArray(processes) && processes.every(Number.isInteger))
}

export function isReportKeyList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((key) => typeof key === 'string')
}
