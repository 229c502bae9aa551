import { isMissingFileError, SubagentError } from '@subagent-mcp/contract'
import { lstatSync, unlinkSync } from 'node:fs'
import { chmod, lstat, mkdir, rename, unlink } from 'node:fs/promises'
import type { Server } from 'node:net'
import { dirname, join } from 'node:path'

/**
 * Listens on a socket path that only this user can reach. Replaces an existing socket file; the caller must have checked that no daemon
 * uses it. @throws SubagentError `io-failed`
 */
export async function listenOnOwnSocket(server: Server, path: string): Promise<void> {
  if (isPipe(path)) {
    await listen(server, path)
    return
  }
  checkLength(path)
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await chmod(dirname(path), 0o700)
    // The socket is created under a temporary name and renamed: when a server closes, Node removes the name under which it was
    // created, and another daemon may use the final name by then.
    const own = join(dirname(path), `.${process.pid}`)
    await removeStale(own)
    await listen(server, own)
    // Before this line other users could not connect either, because they have no access to the folder.
    await chmod(own, 0o600)
    await removeStale(path)
    await rename(own, path)
    const { ino } = await lstat(path)
    server.once('close', () => {
      removeOwn(path, ino)
    })
  } catch (cause) {
    if (cause instanceof SubagentError) throw cause
    throw new SubagentError('io-failed', `cannot listen on ${path}: ${reason(cause)}`, {
      hint: moveHome,
      cause,
    })
  }
}

const moveHome = 'set SUBAGENT_MCP_HOME to a folder of your own, on a disk of this machine'

/** Whether a path is a named pipe of Windows, which has no folder. */
function isPipe(path: string): boolean {
  return path.startsWith('\\\\.\\pipe\\')
}

/** The longest socket path, in bytes: the system's limit without the final zero. A longer path would be cut, or refused without a reason. */
const longestPath = process.platform === 'linux' ? 107 : 103

function checkLength(path: string): void {
  const length = Buffer.byteLength(path)
  if (length <= longestPath) return
  const message = `the socket's path has ${length} bytes, at most ${longestPath} are possible here: ${path}`
  throw new SubagentError('io-failed', message, { hint: 'set SUBAGENT_MCP_HOME to a shorter path' })
}

function removeOwn(path: string, ino: number): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.ino === ino) unlinkSync(path)
}

async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isMissingFileError(error)) return undefined
    throw error
  })
  if (!found) return
  if (found.isSocket()) {
    await unlink(path)
    return
  }
  throw new SubagentError('io-failed', `${path} is in the way: it is no socket`, { hint: 'move it away' })
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
