import type { SessionEvent, SessionSpec } from '@subagent-mcp/contract'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { configFiles } from '../config-files.js'
import { removeSavedResult, savedResults } from './saved-results.js'
import type { SessionFolder } from '../launch/session-folder.js'

/** What the CLI puts aside of a conversation though it keeps no transcript. */
export type SessionTraces = {
  /** Hears what is forgotten, and removes the traces of that. */
  follow(event: SessionEvent): void
  remove(): void
}

type Asked = Pick<SessionSpec, 'ephemeral' | 'environment'>

/**
 * The traces of an ephemeral session: what its sub-agents were asked, what they wrote, and results that were too large
 * for the model. A session that is kept keeps them too.
 */
export function followTraces({ ephemeral, environment }: Asked, folder: SessionFolder): SessionTraces {
  if (!ephemeral) return { follow: () => undefined, remove: () => undefined }
  const { projects } = configFiles(environment)
  let sessionId: string | undefined
  /** The results of each turn, those of the newest last: a rewind takes back that one alone. */
  let results: readonly (readonly string[])[] = [[]]
  const removeFolders = () => {
    if (sessionId === undefined) return
    const temporary = foldersIn(folder.path).flatMap(foldersIn)
    for (const project of [...foldersIn(projects), ...temporary]) removeFolder(join(project, sessionId))
  }
  const remove = (count = results.length) => {
    removeFolders()
    for (const path of results.slice(-count).flat()) removeSavedResult(path, projects)
    results = [...results.slice(0, -count), []]
  }
  return {
    follow: (event) => {
      if (event.type === 'tool-ended') {
        results = [...results.slice(0, -1), [...(results.at(-1) ?? []), ...savedResults(event.output)]]
      }
      if (event.type === 'turn-ended') results = [...results, []]
      // The newest turn, and the one that has not begun. After a reset it finds nothing: its new id came before.
      if (event.type === 'conversation-reset') remove(2)
      if (event.type !== 'session-identified' || event.sessionId === sessionId) return
      if (sessionId !== undefined) remove()
      // It becomes a part of a path.
      sessionId = /^[\w-]+$/.test(event.sessionId) ? event.sessionId : undefined
    },
    remove: () => remove(),
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
