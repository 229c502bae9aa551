import { parseJson } from '@subagent-mcp/contract'
import { readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import {
  getGeminiFolder,
  listGeminiProjectFolders,
  findGeminiRecordings,
  listNamesInFolder,
} from './gemini-files.js'
import type { AcpProfile, EndedToolCall } from '../profile.js'

/**
 * Deletes the files of one Gemini session (0.61.0): its recording and those of its sub-agents, long outputs of its tools,
 * its plans and task lists, and the logs of commands that it left running. Files of other sessions stay.
 */
export const deleteGeminiSessionFiles: NonNullable<AcpProfile['forget']> = (left, environment) => {
  const { sessionId, background } = left
  if (!isId(sessionId)) return
  try {
    for (const project of listGeminiProjectFolders(environment)) tracesOf(sessionId, project).forEach(remove)
    const logs = join(getGeminiFolder(environment), 'tmp', 'background-processes')
    for (const pid of background) remove(join(logs, `background-${pid}.log`))
  } catch {
    // A file that cannot be deleted must not keep a session from ending.
  }
}

/** Whether a name has the form of Gemini's ids. No other name may become a part of a path that is deleted. */
function isId(name: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name)
}

/** Reads the pid of a background command, which is a part of the name of its log, from the output of the shell tool. */
export function readGeminiBackgroundPid({ tool, output }: EndedToolCall): number | undefined {
  if (tool !== 'execute') return undefined
  const [, pid] = /^Command moved to background \(PID: (\d+)\)/.exec(output) ?? []
  return pid === undefined ? undefined : Number(pid)
}

function tracesOf(sessionId: string, project: string): readonly string[] {
  const chats = join(project, 'chats')
  const subagents = listNamesInFolder(join(chats, sessionId))
    .map((name) => basename(name, '.jsonl'))
    .filter(isId)
  return [
    ...recordingsIn(project, sessionId),
    join(chats, sessionId),
    ...[sessionId, ...subagents].flatMap((id) => [
      join(project, id),
      join(project, 'tool-outputs', `session-${id}`),
      join(project, 'logs', `session-${id}.jsonl`),
    ]),
  ]
}

/**
 * The recordings of a session. Their names have the first letters of the id, their first line the whole id. That line is
 * missing when another CLI, starting at the same time, deleted the recording while it was empty.
 */
function recordingsIn(project: string, sessionId: string): readonly string[] {
  return findGeminiRecordings(project, sessionId).filter((file) => {
    const [first = ''] = readFileSync(file, 'utf8').split('\n', 1)
    const named = Heading.safeParse(parseJson(first)).data?.sessionId
    return named === undefined || named === sessionId
  })
}

const Heading = z.looseObject({ sessionId: z.string() })

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true })
}
