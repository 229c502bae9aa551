import { connectDaemon } from '@subagent-mcp/daemon'
import { processesWith } from '@subagent-mcp/testkit'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** The daemon that serves the hosts of a home. */
export type HomeDaemon = {
  pid: number
  /** Resolves when its process is gone. */
  stop(): Promise<void>
}

/** Finds the daemon that a shim with this home has started. */
export async function homeDaemon(home: string): Promise<HomeDaemon> {
  const folder = join(home, '.subagent-mcp/run')
  const socket = readdirSync(folder).find((name) => name.endsWith('.sock'))
  if (socket === undefined) throw new Error(`no daemon listens in ${folder}`)
  const client = connectDaemon({ socketPath: join(folder, socket) })
  const { pid } = await client.health()
  return {
    pid,
    stop: async () => {
      await client.stop({ drain: false })
      // A zombie has no environment: whoever is to bury it need not have done so.
      while (processesWith(`HOME=${home}`).includes(pid)) await delay(10)
    },
  }
}
