import { connectDaemon, connectLocalSocket } from '@subagent-mcp/client'
import type { DaemonHealth } from '@subagent-mcp/api'
import { requestDaemonHealth } from './daemon-health.js'
import { getDaemonSocketPath, listDaemonSocketPaths } from './daemon-paths.js'
import { version } from '../version.js'

/** Returns the running daemons of other versions. On Windows it returns none, because named pipes are not in a folder. */
export async function findOtherVersionDaemons(environment: NodeJS.ProcessEnv): Promise<DaemonHealth[]> {
  const own = getDaemonSocketPath(environment, version)
  const paths = listDaemonSocketPaths(environment, version).filter((path) => path !== own)
  const found = await Promise.all(paths.map(healthAt))
  return found.filter((health) => health !== undefined)
}

/** The health of the daemon on a socket; `undefined` for one that does not answer as this version expects. */
async function healthAt(path: string): Promise<DaemonHealth | undefined> {
  try {
    const socket = await connectLocalSocket(path)
    socket?.destroy()
    return socket && (await requestDaemonHealth(connectDaemon({ socketPath: path })))
  } catch {
    return undefined
  }
}
