import { SubagentError } from '@subagent-mcp/contract'
import { existsSync, lstatSync, readdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'

/** All that we write there, by its path below: beside it the user may have things of the same kind. */
const ours: readonly RegExp[] = [
  /^installer\/(records\.json(\.lock|\.subagent-mcp-\d+)?|update\.lock)$/,
  /^installer\/backups\/[^/]+\/[^/]+$/,
  /^run\/(daemon-[^/]+\.(sock|start)|\.\d+)$/,
  /^answers\/[^/]+-turn-\d+\.md$/,
  /^modes\.json(\.lock|\.subagent-mcp-\d+)?$/,
  /^told\/(claude|codex|gemini|mail)-[\w-]{1,100}$/,
  /^mail(\.json(\.subagent-mcp-\d+)?|box-id)$/,
  /^fleet(\.json(\.new)?|\/[a-z0-9._-]+\.(stderr|exit))$/,
  /^workers\/[a-z0-9._-]+\.(json(\.new|\.lock)?|log(\.\d+)?)$/,
  /^mailbox-copy\/(\d+|lock)\.db(-wal|-shm|-journal)?$/,
  /^(token|journal\.(db(\.damaged-[\w.-]+?|\.salvaged|\.mending)?(-wal|-shm|-journal)?|mark|mail-mark|losses))$/,
  /^daemon-[^/]+\.log(\.\d+)?$/,
]

/** Folders that we make; gone once they are empty. */
const ourFolders = /^(installer(\/backups(\/[^/]+)?)?|run|answers|told|fleet|workers|mailbox-copy)$/

/** Why what is ours cannot be told from what is the user's in a folder; undefined where it can. */
export function whyNotPurge(folder: string, home: string): string | undefined {
  if (!existsSync(folder)) return undefined
  const real = realpathSync(folder)
  const below = relative(real, existsSync(home) ? realpathSync(home) : home)
  const holdsHome = below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)
  if (holdsHome) return `${folder} holds all that you have`
  return existsSync(join(real, '.git')) ? `${folder} is a repository` : undefined
}

/**
 * Removes our state; what the user wrote (`config.jsonc`, `agents/`, routing) and what is not ours stays, and is
 * returned by its paths. A link to our folder stays too. @throws SubagentError `io-failed`
 */
export function purgeHome(folder: string): string[] {
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

/** Empties a folder of what is ours; what stays is returned by its path, a folder that is not ours by its own. */
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
