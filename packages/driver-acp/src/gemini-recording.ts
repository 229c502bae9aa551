import type { Environment } from '@subagent-mcp/driver-kit'
import { existsSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { geminiFolder } from './gemini-files.js'

/**
 * Keeps the recording of a session from being overwritten by its own resumption: `session/load` (0.61.0) first
 * begins a new recording, in a file that is named after the minute and the session's id. In the minute in which the
 * session was made that is its own file, so it gets the name of the minute before.
 */
export function keepRecording(sessionId: string, environment: Environment, now: Date = new Date()): void {
  const projects = join(geminiFolder(environment), 'tmp')
  if (!existsSync(projects)) return
  const [file, before] = [0, 60_000].map((earlier) => fileName(sessionId, new Date(now.getTime() - earlier)))
  for (const project of readdirSync(projects)) {
    const chats = join(projects, project, 'chats')
    const [own, kept] = [join(chats, `${file}`), join(chats, `${before}`)]
    // Where one is kept, this one is what an earlier resumption began anew.
    if (existsSync(own) && !existsSync(kept)) renameSync(own, kept)
  }
}

function fileName(sessionId: string, at: Date): string {
  const minute = at.toISOString().slice(0, 16).replaceAll(':', '-')
  return `session-${minute}-${sessionId.slice(0, 8)}.jsonl`
}
