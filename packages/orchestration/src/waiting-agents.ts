import { makeFolder } from '@subagent-mcp/driver-kit'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isObject } from './is-object.js'
import { replaceText } from './replace-text.js'
import { reportNotices } from './told-sessions.js'

// The hook reads this file before each prompt.

/** A host session in a file for hooks. */
export type ProjectSession = {
  /** The project of the session. */
  project: string
  /** The ids of the host's processes; undefined for agents of which any session of the project may learn. */
  processes?: readonly number[]
}

/** A host session with agents whose reports it has not received. No agent's words are in it. */
export type WaitingSession = ProjectSession & {
  /** A key for each newest report of an agent that finished. */
  finished: readonly string[]
  /** A key for each newest report of an agent that asks for permission. */
  asking: readonly string[]
}

/** The reports that wait for one session. */
export type WaitingReports = Pick<WaitingSession, 'finished' | 'asking'>

/**
 * Writes which sessions have agents to hear of, for the hook to read; without any report the file is removed, because hook
 * lines test in the shell whether it exists. @throws the system's error
 */
export function writeWaitingAgents(stateFolder: string, sessions: readonly WaitingSession[]): void {
  const path = agentsPath(stateFolder)
  if (sessions.some(hasReports)) {
    makeFolder(stateFolder)
    replaceText(path, `${JSON.stringify({ version: 1, sessions })}\n`)
  } else {
    rmSync(path, { force: true })
    reportNotices.forget(stateFolder)
  }
}

/** Reads which sessions have unread reports of agents; empty if the file is missing or cannot be read. Never throws. */
export function readWaitingAgents(stateFolder: string): readonly WaitingSession[] {
  try {
    return parseSessions(readFileSync(agentsPath(stateFolder), 'utf8'))
  } catch {
    // A host must not fail because of this file; the reports wait in the journal all the same.
    return []
  }
}

/** A process of a host, and its project. */
type HostProcess = { project: string; process: number }

/**
 * The entries for the session that a process belongs to: its own, and those of the project that belong to no session now.
 * A process that belongs to no known session gets those of all sessions in the project, because one of them is its own.
 */
export function sessionsFor<Session extends ProjectSession>(
  { project, process }: HostProcess,
  sessions: readonly Session[],
): readonly Session[] {
  const own = sessions.filter(({ processes }) => processes?.includes(process))
  const here = sessions.filter((session) => session.project === project)
  return own.length > 0 ? [...own, ...here.filter(({ processes }) => !processes)] : here
}

/** The reports for the session that a process belongs to; undefined for none. */
export function reportsFor(
  host: HostProcess,
  sessions: readonly WaitingSession[],
): WaitingReports | undefined {
  const heard = sessionsFor(host, sessions)
  const reports = {
    finished: heard.flatMap(({ finished }) => finished),
    asking: heard.flatMap(({ asking }) => asking),
  }
  return hasReports(reports) ? reports : undefined
}

/** Whether there is something to tell a session. */
export function hasReports({ finished, asking }: Record<keyof WaitingReports, readonly unknown[]>): boolean {
  return finished.length + asking.length > 0
}

function agentsPath(stateFolder: string): string {
  return join(stateFolder, 'agents.json')
}

function parseSessions(text: string): readonly WaitingSession[] {
  const file: unknown = JSON.parse(text)
  if (!isObject(file) || file['version'] !== 1 || !Array.isArray(file['sessions'])) return []
  return file['sessions'].filter(isSession)
}

function isSession(value: unknown): value is WaitingSession {
  return (
    isProjectSession(value) && isKeys(Reflect.get(value, 'finished')) && isKeys(Reflect.get(value, 'asking'))
  )
}

/** Whether a parsed value names a project, and processes if any. */
export function isProjectSession(value: unknown): value is ProjectSession {
  if (!isObject(value) || typeof value['project'] !== 'string') return false
  const { processes } = value
  return processes === undefined || (Array.isArray(processes) && processes.every(Number.isInteger))
}

/** Whether a parsed value is a list of keys that each name one report of an agent. */
export function isKeys(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((key) => typeof key === 'string')
}
