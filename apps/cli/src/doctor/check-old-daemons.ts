import { connectDaemon } from '@subagent-mcp/client'
import type { Health } from '@subagent-mcp/api'
import { otherDaemons } from '../daemon/other-daemons.js'
import { socketPath } from '../daemon/run-folder.js'
import { plural } from '../terminal/format.js'
import { fine, type Check, type Context, type Finding } from './check.js'

/** Daemons of other versions, which the hosts that were started before an update still have. */
export const checkOldDaemons: Check = {
  name: 'old versions',
  run: async ({ environment }) => {
    const others = await otherDaemons(environment)
    return others.length === 0 ? [fine('none runs')] : others.map((health) => finding(health, environment))
  },
}

/** One with work is not stopped from here: it ends by itself once its hosts have. */
function finding(health: Health, environment: Context['environment']): Finding {
  const { pid, version, hosts, agents } = health
  const trouble = {
    severity: 'warning',
    what: `daemon ${pid} of version ${version} still runs with ${plural(hosts, 'host')} and ${plural(agents.alive, 'agent')}`,
  } as const
  if (hosts > 0) return { ...trouble, mend: 'restart the hosts that were open during the update' }
  const mend = `npx -y subagent-mcp@${version} daemon stop`
  return agents.alive > 0 ? { ...trouble, mend } : { ...trouble, mend, fix: () => stop(version, environment) }
}

/** By its socket and not by its pid, which may be one of another container. */
async function stop(version: string, environment: Context['environment']): Promise<void> {
  await connectDaemon({ socketPath: socketPath(environment, version) }).stop({ drain: true })
}
