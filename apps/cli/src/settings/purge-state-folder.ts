import { SubagentError, isPathInside } from '@subagent-mcp/contract'
import { existsSync, lstatSync, readdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The relative paths of the files that subagent-mcp writes in its state folder. The user may have other files there. */
const ours: readonly RegExp[] = [
  /^installer\/(records\.json(\.lock|\.subagent-mcp-\d+)?|update\.lock)$/,
  /^installer\/backups\/[^/]+\/[^/]+$/,
  /^run\/(daemon-[^/]+\.(sock|start)|\.\d+)$/,
  /^answers\/[^/]+-(turn-\d+|changes)\.md$/,
  /^modes\.json(\.lock|\.subagent-mcp-\d+)?$/,
  /^told\/((agents-)?(claude|codex|gemini|mail)-|woken\/)[\w-]{1,100}$/,
  /^(agents|mail|status|wakes)\.json(\.subagent-mcp-\d+)?$|^mailbox-id$/,
  /^fleet(\.json(\.new)?|\/[a-z0-9._-]+\.(stderr|exit))$/,
  /^workers\/[a-z0-9._-]+\.(json(\.new|\.lock)?|log(\.\d+)?)$/,
  /^mailbox-copy\/(\d+|lock)\.db(-wal|-shm|-journal)?$/,
  /^(token|journal\.(db(\.damaged-[\w.-]+?|\.salvaged|\.mending)?(-wal|-shm|-journal)?|mark|mail-mark|losses))$/,
  /^daemon-[^/]+\.log(\.\d+)?$/,
]

/** The folders that subagent-mcp creates in its state folder. They are removed if they are empty. */
const ourFolders = /^(installer(\/backups(\/[^/]+)?)?|run|answers|told(\/woken)?|fleet|workers|mailbox-copy)$/

/** Returns why a state folder must not be purged, such as that it is the user's home folder; undefined if it may be purged. */
export function findPurgeObstacle(folder: string, home: string): string | undefined {
  if (!existsSync(folder)) return undefined
  const real = realpathSync(folder)
  if (isPathInside(real, existsSync(home) ? realpathSync(home) : home))
    return `${folder} holds all that you have`
  return existsSync(join(real, '.git')) ? `${folder} is a repository` : undefined
}

/**
 * Removes the files of subagent-mcp from the state folder, and the folder itself if it is then empty. Returns the paths that stay: files
 * of the user (`config.jsonc`, `agents/`, routing) and all unknown files. A link to the folder stays, too.
 * @throws SubagentError `io-failed`
 */
export function purgeStateFolder(folder: string): string[] {
  try {
    if (!existsSync(folder)) return []
    const kept = purge(folder, '')
    if (kept.length === 0 && !lstatSync(folder).isSymbolicLink()) rmdirSync(folder)
    return kept
  } catch (cause) {
    const hint = 'look at its rights, and run it again'
    throw new SubagentError('io-failed', `cannot remove ${folder} (${String(cause)})`, { hint, cause })
  }
}

/** Removes the files of subagent-mcp from a folder. Returns the paths that stay; an unknown folder counts as one path. */
function purge(home: string, folder: string): string[] {
  return readdirSync(join(home, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (!entry.isDirectory()) return purgeFile(home, path)
    if (!ourFolders.test(path)) return [path]
    const kept = purge(home, path)
    if (kept.length === 0) rmdirSync(join(home, path))
    return kept
  })
}

function purgeFile(home: string, path: string): string[] {
  if (!ours.some((pattern) => pattern.test(path))) return [path]
  rmSync(join(home, path))
  return []
}
