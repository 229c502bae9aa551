import type { DaemonHealth } from '@subagent-mcp/api'
import { jsonFlag } from '../../command/arg-schemas.js'
import { requestDaemonHealth } from '../../daemon/daemon-health.js'
import { findOtherVersionDaemons } from '../../daemon/other-daemons.js'
import { connectRunningDaemon } from '../../daemon/connect-or-start-daemon.js'
import { getDaemonLogPath, getDaemonSocketPath } from '../../daemon/daemon-paths.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { formatLongTimeSpan, formatCountWithNoun } from '../../terminal/format.js'
import { printResult, type CliResult } from '../../terminal/print.js'
import { version } from '../../version.js'

export const daemonStatusCommand = defineTerminalCommand(
  {
    description: 'Show whether the daemon (the background process) runs, with its agents and files',
    examples: ['daemon status', 'daemon status --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => printResult(terminal, json, await readStatus(terminal.environment)),
)

async function readStatus(environment: NodeJS.ProcessEnv): Promise<CliResult> {
  const daemon = await connectRunningDaemon(environment)
  const health = daemon && (await requestDaemonHealth(daemon))
  const others = await findOtherVersionDaemons(environment)
  const files = {
    socket: getDaemonSocketPath(environment, version),
    log: getDaemonLogPath(environment, version),
  }
  const lines = others.map((other) => `also ${headline(other)}: another version of this program uses it`)
  return {
    text: [health ? healthText(health, files) : noDaemonText, ...lines].join('\n'),
    data: {
      ...(health ? { running: true, ...health } : { running: false, version }),
      ...files,
      others: others.map(({ pid, version }) => ({ pid, version })),
    },
  }
}

function healthText(health: DaemonHealth, { socket, log }: { socket: string; log: string }): string {
  const { agents, queue, connections, hosts, journal, configProblem } = health
  const { running, alive, total } = agents
  const rows = [
    ['agents', `${running} at work, ${alive} alive, ${total} known, ${queue} waiting for room`],
    ['connections', `${connections}, of which ${formatCountWithNoun(hosts, 'host')}`],
    ['socket', socket],
    ['journal', `${journal.path} (${(journal.bytes / 1024 / 1024).toFixed(1)} MB)`],
    ['log', log],
    ...(configProblem === undefined ? [] : [['problem', `defaults are used: ${configProblem}`] as const]),
  ] as const
  return [headline(health), ...rows.map(([name, value]) => `${name.padEnd(13)}${value}`)].join('\n')
}

function headline({ pid, version, uptimeSeconds, agents, draining }: DaemonHealth): string {
  const end = draining ? ', and is stopping: a second subagent-mcp daemon stop ends it immediately' : ''
  const uptime = formatLongTimeSpan(uptimeSeconds * 1000)
  return `daemon ${pid} of version ${version} has run for ${uptime} with ${formatCountWithNoun(agents.total, 'agent')}${end}`
}

/** The result of `daemon status` and `daemon stop` while no daemon runs. */
export const noDaemonText = 'no daemon runs; one starts by itself when it is needed'
