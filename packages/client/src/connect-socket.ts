import { SubagentError } from '@subagent-mcp/contract'
import { checkTrustedPath } from './trusted-path.js'
import { connect, type Socket } from 'node:net'

/**
 * Connects to a local socket; `undefined` when no daemon listens there. @throws SubagentError `daemon-unreachable` where the
 * system forbids the connection, so that a daemon may listen there; `io-failed` for a socket that another user can have made
 */
export async function connectLocalSocket(path: string): Promise<Socket | undefined> {
  checkTrustedPath(path)
  return await new Promise((resolve, reject) => {
    const socket = connect(path)
    const failed = (cause: NodeJS.ErrnoException): void => {
      if (cause.code === 'EACCES' || cause.code === 'EPERM') reject(forbidden(path, cause))
      else resolve(undefined)
    }
    socket.once('error', failed).once('connect', () => {
      socket.off('error', failed)
      resolve(socket)
    })
  })
}

function forbidden(path: string, cause: Error): SubagentError {
  const hint = 'it may be of another user, as after sudo: subagent-mcp doctor says which files are'
  return new SubagentError('daemon-unreachable', `the socket ${path} may not be opened`, { hint, cause })
}
