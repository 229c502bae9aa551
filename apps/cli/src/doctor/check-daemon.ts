import { daemonHealth } from '../daemon/daemon-health.js'
import { findDaemon } from '../daemon/reach-daemon.js'
import { socketPath } from '../daemon/run-folder.js'
import { plural } from '../terminal/format.js'
import { version } from '../version.js'
import { fine, type Check, type Context, type Finding } from './check.js'

/** Whether the daemon answers on its socket. */
export const checkDaemon: Check = { name: 'daemon', run: (context) => lookAtDaemon(context) }

/** That it does not run is nothing to mend, and that it does not answer in time is thrown. */
export async function lookAtDaemon({ environment }: Context, limitMs?: number): Promise<Finding[]> {
  const client = await findDaemon(environment)
  const socket = socketPath(environment, version)
  if (client === undefined) return [fine(`none runs: it starts when it is needed, on ${socket}`)]
  const { pid, agents, configProblem } = await daemonHealth(client, limitMs)
  const running = fine(`${pid} of version ${version} runs with ${plural(agents.total, 'agent')} on ${socket}`)
  if (configProblem === undefined) return [running]
  const what = `${pid} uses defaults: ${configProblem}`
  return [running, { severity: 'warning', what, mend: 'subagent-mcp daemon restart' }]
}
