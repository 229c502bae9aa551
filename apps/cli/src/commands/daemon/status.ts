import type { Health } from '@subagent-mcp/api'
import { defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { daemonHealth } from '../../daemon/daemon-health.js'
import { otherDaemons } from '../../daemon/other-daemons.js'
import { findDaemon } from '../../daemon/reach-daemon.js'
import { logPath, socketPath } from '../../daemon/run-folder.js'
import { exitCode } from '../../exit.js'
import { longSpan, plural } from '../../terminal/format.js'
import { say, type Saying } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { version } from '../../version.js'

/** Shows the state of the daemon. */
export const daemonStatus = defineCommand(
  {
    description: 'Show whether the daemon runs, what it does and where its files are; does not start it',
    flags: { json: jsonFlag },
  },
  ({ json }) =>
    withTerminal(async (terminal) => {
      await say(terminal, json, await status(terminal))
      return exitCode.done
    }),
)

async function status({ environment }: Terminal): Promise<Saying> {
  const daemon = await findDaemon(environment)
  const health = daemon && (await daemonHealth(daemon))
  const others = await otherDaemons(environment)
  const files = { socket: socketPath(environment, version), log: logPath(environment, version) }
  const own = health ? running(health, files) : noDaemon({ running: false, version, ...files })
  const lines = others.map((other) => `also ${head(other)}: an earlier or later installation uses it`)
  return {
    text: [own.text, ...lines].join('\n'),
    data: { ...own.data, others: others.map(({ pid, version }) => ({ pid, version })) },
  }
}

function running(health: Health, { socket, log }: { socket: string; log: string }): Saying {
  const { agents, queue, connections, hosts, journal, configProblem } = health
  const rows = [
    [
      'agents',
      `${agents.running} at work, ${agents.alive} alive, ${agents.total} known, ${queue} waiting for room`,
    ],
    ['connections', `${connections}, of which ${plural(hosts, 'host')}`],
    ['socket', socket],
    ['journal', `${journal.path} (${(journal.bytes / 1024 / 1024).toFixed(1)} MB)`],
    ['log', log],
    ...(configProblem === undefined ? [] : [['problem', `defaults are used: ${configProblem}`] as const]),
  ] as const
  const lines = rows.map(([name, value]) => `${name.padEnd(13)}${value}`)
  return { text: [head(health), ...lines].join('\n'), data: { running: true, ...health, socket, log } }
}

function head({ pid, version, uptimeSeconds, agents, draining }: Health): string {
  const end = draining ? ', and is stopping: daemon stop once more ends it now' : ''
  return `daemon ${pid} of version ${version} has run for ${longSpan(uptimeSeconds * 1000)} with ${plural(agents.total, 'agent')}${end}`
}

/** The result where no daemon runs, which is nothing to worry about. */
export function noDaemon(data: object): Saying {
  return { text: 'no daemon runs; one starts by itself when it is needed', data }
}
