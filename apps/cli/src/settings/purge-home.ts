import { SubagentError } from '@subagent-mcp/contract'
import { isWithinFolder } from '@subagent-mcp/installer'
import { existsSync, lstatSync, readdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The files that subagent-mcp writes in its state folder, by their relative paths. The user may have others beside them. */
const ours: readonly RegExp[] = [
  /^installer\/(records\.json(\.lock|\.subagent-mcp-\d+)?|update\.lock)$/,
  /^installer\/backups\/[^/]+\/[^/]+$/,
  /^run\/(daemon-[^/]+\.(sock|start)|\.\d+)$/,
  /^answers\/[^/]+-turn-\d+\.md$/,
  /^modes\.json(\.lock|\.subagent-mcp-\d+)?$/,
  /^told\/(agents-)?(claude|codex|gemini|mail)-[\w-]{1,100}$/,
  /^told\/woken\/[\w-]{1,100}$/,
  /^(agents|mail|status|wakes)\.json(\.subagent-mcp-\d+)?$|^mailbox-id$/,
  /^fleet(\.json(\.new)?|\/[a-z0-9._-]+\.(stderr|exit))$/,
  /^workers\/[a-z0-9._-]+\.(json(\.new|\.lock)?|log(\.\d+)?)$/,
  /^mailbox-copy\/(\d+|lock)\.db(-wal|-shm|-journal)?$/,
  /^(token|journal\.(db(\.damaged-[\w.-]+?|\.salvaged|\.mending)?(-wal|-shm|-journal)?|mark|mail-mark|losses))$/,
  /^daemon-[^/]+\.log(\.\d+)?$/,
]

/** The folders that subagent-mcp creates there; they are removed when they are empty. */
const ourFolders = /^(installer(\/backups(\/[^/]+)?)?|run|answers|told(\/woken)?|fleet|workers|mailbox-copy)$/

/** The reason why a folder must not be purged, because it has the user's files; undefined for none. */
export function whyNoPurge(folder: string, home: string): string | undefined {
  if (!existsSync(folder)) return undefined
  const real = realpathSync(folder)
  if (isWithinFolder(real, existsSync(home) ? realpathSync(home) : home))
    return `${folder} holds all that you have`
  return existsSync(join(real, '.git')) ? `${folder} is a repository` : undefined
}

/**
 * Removes our files from the state folder, and the folder if it is empty then. Returns the paths of what stays: files of the
 * user (`config.jsonc`, `agents/`, routing) and everything else. A link to the folder stays, too.
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

/** Removes our files from a folder and returns the paths of what stays; a folder that is not ours is one path. */
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
