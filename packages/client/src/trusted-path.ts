import { SubagentError } from '@subagent-mcp/contract'
import { lstatSync, readFileSync, readlinkSync, type Stats } from 'node:fs'
import { join, parse, resolve, sep } from 'node:path'
import { isUnixGroupOfOneUser } from './unix-group-of-one-user.js'

/**
 * Throws unless only this user and root can have made a path and can change its target; checks each folder and link on the way,
 * and the file itself. Call it before data is read from there or sent there. A missing path passes. On Windows, where Node does
 * not report owners, nothing is checked. @throws SubagentError `io-failed` that names the unsafe path
 */
export function checkTrustedPath(path: string): void {
  const user = process.geteuid?.()
  if (user === undefined) return
  let links = 0
  let current = parse(resolve(path)).root
  const names = namesIn(resolve(path))
  let isClosed = false
  const checkNext = (next: string, stats: Stats): void => {
    check(next, stats, { user, isClosed })
    isClosed ||= closesOff(stats, user)
  }
  checkNext(current, lstatSync(current))
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const next = join(current, name)
    const stats = lookAt(next)
    if (stats === undefined) return
    checkNext(next, stats)
    if (!stats.isSymbolicLink()) current = next
    else {
      links += 1
      if (links > mostLinks) throw atFault(next, 'leads through too many links')
      const target = resolve(current, readlinkSync(next))
      current = parse(target).root
      isClosed = false
      names.unshift(...namesIn(target))
    }
  }
}

/** The most symbolic links that are followed, as in Linux. */
const mostLinks = 40

function namesIn(path: string): string[] {
  return path.slice(parse(path).root.length).split(sep).filter(Boolean)
}

/** The file's stats; `undefined` where the file is missing or in a folder that this user may not open, so that it cannot be used either. */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return undefined
    throw error
  }
}

/** Throws if other users can change a path. `isClosed`: a parent folder keeps other users out, so that the mode of the path does not matter. */
function check(path: string, stats: Stats, { user, isClosed }: { user: number; isClosed: boolean }): void {
  const { uid } = stats
  const isTrusted = uid === user || uid === 0 || (stats.isDirectory() && isHiddenOwner(uid))
  if (!isTrusted) throw atFault(path, `belongs to user ${uid}, and not to you (user ${user})`)
  if (isClosed || !stats.isDirectory() || !isChangeable(stats, user)) return
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0')
  throw atFault(path, `can be changed by other users (mode ${mode})`, `chmod go-w ${path}, or `)
}

/** Whether other users can rename or replace what is in a folder. With the sticky bit, as in /tmp, they cannot. */
function isChangeable({ mode, uid, gid }: Stats, user: number): boolean {
  if ((mode & 0o1000) !== 0) return false
  const isPrivate = (): boolean => uid === user && user !== 0 && isUnixGroupOfOneUser(gid, user)
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && !isPrivate())
}

/** Whether a folder keeps out everybody but this user and root. */
function closesOff(stats: Stats, user: number): boolean {
  return stats.isDirectory() && (stats.uid === user || stats.uid === 0) && (stats.mode & 0o011) === 0
}

/** Whether a uid stands for all users that this user namespace does not map, root among them, as in a sandbox. */
function isHiddenOwner(uid: number): boolean {
  if (uid !== overflowUser) return false
  try {
    return !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'))
  } catch {
    return false // There are no user namespaces here.
  }
}

const overflowUser = 65_534

function atFault(path: string, what: string, first = ''): SubagentError {
  return new SubagentError('io-failed', `${path} ${what}: nothing is sent there or read from there`, {
    hint: `${first}set SUBAGENT_MCP_HOME to a folder that only you can change`,
  })
}
