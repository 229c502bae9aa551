import { pidExists, findProjectRoot } from '@subagent-mcp/driver-kit'
import { writeSync } from 'node:fs'
import { isJsonObject, readHookFile, writeHookFile } from './hook-file.js'
import { readHookInput } from './read-hook-input.js'
import type { HookOptions } from './run-hook.js'
import { isProjectHostSession, findSessionsOfProcess, type ProjectHostSession } from './unread-reports.js'

// The daemon writes this file for the status line of Claude Code, which reads it every few seconds.

export type SessionAgentCounts = ProjectHostSession & StatusCounts

/** Numbers of agents: those that work on a turn, those that ask for permission, and those with an unread result. */
type StatusCounts = { working: number; asking: number; finished: number }

/** Writes the numbers of agents of each session, for status lines. @throws the system's error */
export function writeSessionAgentCounts(stateFolder: string, sessions: readonly SessionAgentCounts[]): void {
  const content = sessions.length === 0 ? undefined : { process: process.pid, sessions }
  writeHookFile(stateFolder, statusFile, content)
}

export function hasAgentCounts({ working, asking, finished }: StatusCounts): boolean {
  return working + asking + finished > 0
}

export type StatusLineOptions = Pick<HookOptions, 'stateFolder' | 'parent'>

/** Prints the status line for the session whose JSON is in stdin; nothing when there is nothing to show. Never throws. */
export function runStatusLine({ stateFolder, parent }: StatusLineOptions): void {
  try {
    const folder = folderIn(readHookInput(0) ?? '')
    if (folder === undefined) return
    const sessions = readSessionAgentCounts(stateFolder())
    if (sessions.length === 0) return
    const own = findSessionsOfProcess({ project: findProjectRoot(folder), process: parent }, sessions)
    const text = formatSessionStatusLine(own)
    if (text !== '') writeSync(1, `${text}\n`)
  } catch {
    // Claude Code shows no status line then.
  }
}

/** The text of the status line. Agents are not named, because a model chooses their names. */
export function formatSessionStatusLine(sessions: readonly StatusCounts[]): string {
  const total = (key: keyof StatusCounts): number => sessions.reduce((sum, counts) => sum + counts[key], 0)
  const [working, asking, finished] = [total('working'), total('asking'), total('finished')]
  return [
    ...(working > 0 ? [`${working} ${working === 1 ? 'agent' : 'agents'} at work`] : []),
    ...(asking > 0 ? [`${asking} ${asking === 1 ? 'asks' : 'ask'}`] : []),
    ...(finished > 0 ? [`${finished} ${finished === 1 ? 'result' : 'results'}`] : []),
  ].join(' · ')
}

/** Reads the numbers of agents of all sessions; empty without a file or with one that cannot be read. Never throws. */
export function readSessionAgentCounts(stateFolder: string): readonly SessionAgentCounts[] {
  const { sessions: all, process: writer } = readHookFile(stateFolder, statusFile) ?? {}
  const sessions = Array.isArray(all) ? all.filter(isStatus) : []
  if (typeof writer === 'number' && pidExists(writer)) return sessions
  // The runtime is gone, and with it the agents. Their results are in the journal.
  return sessions.map((session) => ({ ...session, working: 0, asking: 0 }))
}

function isStatus(value: unknown): value is SessionAgentCounts {
  if (!isProjectHostSession(value)) return false
  return ['working', 'asking', 'finished'].every((key) => Number.isInteger(Reflect.get(value, key)))
}

/** The folder in which Claude Code was started. Its current one follows the `cd` of the model. */
function folderIn(text: string): string | undefined {
  const data: unknown = JSON.parse(text)
  if (!isJsonObject(data)) return undefined
  const workspace = data['workspace']
  const started = isJsonObject(workspace) ? workspace['project_dir'] : undefined
  const folder = started ?? data['cwd']
  return typeof folder === 'string' && folder !== '' ? folder : undefined
}

const statusFile = 'status.json'
