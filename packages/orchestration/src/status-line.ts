import { makeFolder, pidExists, projectOf } from '@subagent-mcp/driver-kit'
import { readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isObject } from './is-object.js'
import { readHookInput } from './read-hook-input.js'
import { replaceText } from './replace-text.js'
import type { HookOptions } from './run-hook.js'
import { isProjectSession, sessionsFor, type ProjectSession } from './waiting-agents.js'

// The daemon writes this file for the status line of Claude Code, which reads it every few seconds.

/** A host session, or what hosts that are gone left in a project, with the numbers of its agents. */
export type SessionStatus = ProjectSession & StatusCounts

/** Numbers of agents: those that work on a turn, those that ask for permission, and those with an unread result. */
type StatusCounts = { working: number; asking: number; finished: number }

/**
 * Writes the numbers of agents of each session; without any the file is removed, because the command line of the status line
 * tests in the shell whether it exists. @throws the system's error
 */
export function writeSessionStatus(stateFolder: string, sessions: readonly SessionStatus[]): void {
  const path = statusPath(stateFolder)
  if (sessions.length === 0) {
    rmSync(path, { force: true })
    return
  }
  makeFolder(stateFolder)
  replaceText(path, `${JSON.stringify({ version: 1, process: process.pid, sessions })}\n`)
}

/** Whether a status line would show something. */
export function hasStatus({ working, asking, finished }: StatusCounts): boolean {
  return working + asking + finished > 0
}

/** The inputs of one run of the status line. */
export type StatusLineOptions = Pick<HookOptions, 'stateFolder' | 'parent'>

/** Prints the status line for the session whose JSON is in stdin; nothing when there is nothing to show. Never throws. */
export function runStatusLine({ stateFolder, parent }: StatusLineOptions): void {
  try {
    const folder = folderIn(readHookInput(0) ?? '')
    if (folder === undefined) return
    const sessions = readSessionStatus(stateFolder())
    if (sessions.length === 0) return
    const own = sessionsFor({ project: projectOf(folder), process: parent }, sessions)
    const text = statusLine(own)
    if (text !== '') writeSync(1, `${text}\n`)
  } catch {
    // Claude Code shows no status line then.
  }
}

/** The text for the sessions that a host session reads of. Agents are not named, because a model chooses their names. */
export function statusLine(sessions: readonly StatusCounts[]): string {
  const total = (key: keyof StatusCounts): number => sessions.reduce((sum, counts) => sum + counts[key], 0)
  const [working, asking, finished] = [total('working'), total('asking'), total('finished')]
  return [
    ...(working > 0 ? [`${working} ${working === 1 ? 'agent' : 'agents'} at work`] : []),
    ...(asking > 0 ? [`${asking} ${asking === 1 ? 'asks' : 'ask'}`] : []),
    ...(finished > 0 ? [`${finished} ${finished === 1 ? 'result' : 'results'}`] : []),
  ].join(' · ')
}

/** Reads the numbers of agents of all sessions; empty without a file or with one that cannot be read. Never throws. */
export function readSessionStatus(stateFolder: string): readonly SessionStatus[] {
  try {
    const file: unknown = JSON.parse(readFileSync(statusPath(stateFolder), 'utf8'))
    if (!isObject(file) || file['version'] !== 1 || !Array.isArray(file['sessions'])) return []
    const sessions = file['sessions'].filter(isStatus)
    const writer = file['process']
    if (typeof writer === 'number' && pidExists(writer)) return sessions
    // The runtime is gone, and with it the agents. Their results are in the journal.
    return sessions.map((session) => ({ ...session, working: 0, asking: 0 }))
  } catch {
    return []
  }
}

function isStatus(value: unknown): value is SessionStatus {
  if (!isProjectSession(value)) return false
  return ['working', 'asking', 'finished'].every((key) => Number.isInteger(Reflect.get(value, key)))
}

/** The folder in which Claude Code was started. Its current one follows the `cd` of the model. */
function folderIn(text: string): string | undefined {
  const data: unknown = JSON.parse(text)
  if (!isObject(data)) return undefined
  const workspace = data['workspace']
  const started = isObject(workspace) ? workspace['project_dir'] : undefined
  const folder = started ?? data['cwd']
  return typeof folder === 'string' && folder !== '' ? folder : undefined
}

function statusPath(stateFolder: string): string {
  return join(stateFolder, 'status.json')
}
