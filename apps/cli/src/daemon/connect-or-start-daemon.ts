import type { RequestingProcess } from '@subagent-mcp/api'
import { connectDaemon, connectLocalSocket, type DaemonClient } from '@subagent-mcp/client'
import { selectDefinedVariables } from '@subagent-mcp/contract'
import { getDaemonSocketPath } from './daemon-paths.js'
import { startDaemon } from './start-daemon.js'
import { version } from '../version.js'

/** Connects to the daemon, and starts it if none answers. @throws SubagentError that says why it did not start */
export async function connectOrStartDaemon(environment: NodeJS.ProcessEnv): Promise<DaemonClient> {
  return (await connectRunningDaemon(environment)) ?? (await connectLastingDaemon(environment))
}

/** Connects to a daemon that is not stopping: waits until a stopping one has ended, and starts the next. @throws SubagentError */
export async function connectLastingDaemon(environment: NodeJS.ProcessEnv): Promise<DaemonClient> {
  const socket = await startDaemon(environment)
  socket.destroy()
  return connectDaemon({ socketPath: getDaemonSocketPath(environment, version), self: selfIn(environment) })
}

/** Connects to the daemon; `undefined` if none runs. */
export async function connectRunningDaemon(
  environment: NodeJS.ProcessEnv,
): Promise<DaemonClient | undefined> {
  const path = getDaemonSocketPath(environment, version)
  const socket = await connectLocalSocket(path)
  socket?.destroy()
  return socket && connectDaemon({ socketPath: path, self: selfIn(environment) })
}

function selfIn(environment: NodeJS.ProcessEnv): RequestingProcess {
  return { pid: process.pid, environment: selectDefinedVariables(environment) }
}
