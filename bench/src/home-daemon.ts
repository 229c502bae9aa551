import { daemonClient, endDaemons } from '@subagent-mcp/e2e/home-daemons'

/** The daemon that serves the hosts of a home folder. */
export type HomeDaemon = {
  pid: number
  /** Stops the daemon. Resolves when its process is gone. */
  stop(): Promise<void>
}

/** Finds the daemon that a shim of this home folder has started. */
export async function findHomeDaemon(home: string): Promise<HomeDaemon> {
  const { pid } = await daemonClient(home).health()
  return { pid, stop: () => endDaemons(home) }
}
