import type { SessionEvent, SessionSpec } from '@subagent-mcp/contract'
import { removeFolderIfPossible } from '@subagent-mcp/driver-kit'
import { existsSync, readdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { getClaudeConfigPaths } from '../config-paths.js'
import type { SessionFolder } from '../launch/session-folder.js'

/** The files that Claude writes for a conversation although it keeps no transcript. */
export type SessionFileCleaner = {
  /** Reads each event of the session, and removes the files of what is forgotten. */
  onEvent(event: SessionEvent): void
  remove(): void
}

type Asked = Pick<SessionSpec, 'ephemeral' | 'environment'>

/**
 * Watches an ephemeral Claude session, and removes its traces: transcripts of its sub-agents, and tool results that were too
 * large for the model. Other sessions keep them.
 */
export function createSessionFileCleaner(
  { ephemeral, environment }: Asked,
  folder: SessionFolder,
): SessionFileCleaner {
  if (!ephemeral) return { onEvent: () => undefined, remove: () => undefined }
  const { projects } = getClaudeConfigPaths(environment)
  let sessionId: string | undefined
  /** The paths of saved tool results by turn, the newest turn last, because a rewind forgets that turn only. */
  let results: readonly (readonly string[])[] = [[]]
  const removeFolders = () => {
    if (sessionId === undefined) return
    const temporary = foldersIn(folder.path).flatMap(foldersIn)
    for (const project of [...foldersIn(projects), ...temporary])
      removeFolderIfPossible(join(project, sessionId))
  }
  const remove = (count = results.length) => {
    removeFolders()
    for (const path of results.slice(-count).flat()) removeSavedResult(path, projects)
    results = [...results.slice(0, -count), []]
  }
  return {
    onEvent: (event) => {
      if (event.type === 'tool-ended') {
        results = [
          ...results.slice(0, -1),
          [...(results.at(-1) ?? []), ...findSavedResultPaths(event.output)],
        ]
      }
      if (event.type === 'turn-ended') results = [...results, []]
      // The newest turn, and the one that has not begun. After a reset nothing is left, because the new id came before.
      if (event.type === 'conversation-reset') remove(2)
      if (event.type !== 'session-identified' || event.sessionId === sessionId) return
      if (sessionId !== undefined) remove()
      // The id becomes a part of a path.
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
    // The folder was never made, or was removed meanwhile.
    return []
  }
}

/** Paths in a tool's output at which Claude (2.1.329) says that it saved a result. Any text can claim this. */
export function findSavedResultPaths(output: string): readonly string[] {
  const said = /^(?:Output|Error: result|\[Binary content) .* saved to:? (.+?)[.\]]?$/gm
  return [...output.matchAll(said)].flatMap(([, path]) => path ?? [])
}

/** Removes a saved result, and its folders when they are empty. Leaves all other files, and the results of sessions that are kept. */
function removeSavedResult(path: string, projects: string): void {
  try {
    const file = realpathSync(path)
    const [project, id = '', folder, ...rest] = relative(realpathSync(projects), file).split(sep)
    if (project === '..' || !isUuid(id) || folder !== 'tool-results' || rest.length !== 1) return
    const session = dirname(dirname(file))
    // The transcript of a session that is kept lies beside its folder.
    if (existsSync(`${session}.jsonl`)) return
    rmSync(file)
    rmdirSync(dirname(file))
    rmdirSync(session)
  } catch {
    // The file was removed meanwhile or is held open (Windows), or its folder is not empty.
  }
}

function isUuid(name: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name)
}
