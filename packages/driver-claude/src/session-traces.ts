import type { SessionEvent, SessionSpec } from '@subagent-mcp/contract'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { configFiles } from './config-files.js'
import type { SessionFolder } from './session-folder.js'

/** What the CLI puts aside of a conversation though it keeps no transcript. */
export type SessionTraces = {
  /** Hears which conversation it is in: with a new one the traces of the old are removed. */
  follow(event: SessionEvent): void
  remove(): void
}

/**
 * The traces of an ephemeral session: what its sub-agents were asked, and what they wrote. A session that is kept keeps
 * them too. Not found: results that were too large for the model, which 2.1.329 puts below a random name, another one
 * after each reset, and removes itself when it ends by the end of its input.
 */
export function followTraces(
  { ephemeral, environment }: Pick<SessionSpec, 'ephemeral' | 'environment'>,
  folder: SessionFolder,
): SessionTraces {
  let sessionId: string | undefined
  const remove = () => {
    if (!ephemeral || sessionId === undefined) return
    const kept = foldersIn(configFiles(environment).projects)
    const temporary = foldersIn(folder.path).flatMap(foldersIn)
    for (const project of [...kept, ...temporary]) removeFolder(join(project, sessionId))
  }
  return {
    follow: (event) => {
      if (event.type !== 'session-identified' || event.sessionId === sessionId) return
      remove()
      // It becomes a part of a path.
      sessionId = /^[\w-]+$/.test(event.sessionId) ? event.sessionId : undefined
    },
    remove,
  }
}

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name))
  } catch {
    // It was never made, or went meanwhile: there is nothing to remove.
    return []
  }
}

function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 2 })
  } catch {
    // A file that something still holds open (Windows) stays, as in `removeSessionFolder`.
  }
}
