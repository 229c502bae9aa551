import { daemonHealth } from '../daemon/daemon-health.js'
import { findDaemon } from '../daemon/reach-daemon.js'
import { socketPath } from '../daemon/run-folder.js'
import { plural } from '../terminal/amounts.js'
import { version } from '../version.js'
import { fine, type Check } from './check.js'

/** Whether the daemon answers on its socket. That it does not run is nothing to mend, and one that hangs is thrown. */
export const checkDaemon: Check = {
  name: 'daemon',
  run: async ({ environment }) => {
    const client = await findDaemon(environment)
    const socket = socketPath(environment, version)
    if (client === undefined) return [fine(`none runs: it starts when it is needed, on ${socket}`)]
    const { pid, agents, configProblem } = await daemonHealth(client)
    const running = fine(
      `${pid} of version ${version} runs with ${plural(agents.total, 'agent')} on ${socket}`,
    )
    if (configProblem === undefined) return [running]
    const what = `${pid} uses defaults: ${configProblem}`
    return [running, { severity: 'warning', what, mend: 'subagent-mcp daemon restart' }]
  },
}
