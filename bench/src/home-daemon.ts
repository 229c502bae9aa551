import { connectDaemon } from '@subagent-mcp/client'
import { daemonSockets, endDaemons } from '@subagent-mcp/e2e/end-daemon'

/** The daemon that serves the hosts of a home. */
export type HomeDaemon = {
  pid: number
  /** Resolves when its process is gone. */
  stop(): Promise<void>
}

/** Finds the daemon that a shim with this home has started. */
export async function homeDaemon(home: string): Promise<HomeDaemon> {
  const [socketPath] = daemonSockets(home)
  if (socketPath === undefined) throw new Error(`no daemon listens in ${home}`)
  const { pid } = await connectDaemon({ socketPath }).health()
  return { pid, stop: () => endDaemons(home) }
}
