import { jsonFlag } from '../../command/arg-schemas.js'
import { requestDaemonHealth } from '../../daemon/daemon-health.js'
import { connectRunningDaemon, connectLastingDaemon } from '../../daemon/connect-or-start-daemon.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { printResult, type CliResult } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { readUserSettings } from '../../settings/user-settings.js'
import { stopDaemon, type DaemonStopOutcome } from '../../daemon/stop-daemon.js'
import { exitCode } from '../../exit.js'
import { formatAgentIdAndName } from '../../terminal/agent-lines.js'
import { formatCountWithNoun } from '../../terminal/format.js'
import { noDaemonText } from './status.js'

export const daemonStartCommand = defineTerminalCommand(
  {
    description: 'Start the daemon now; without this it starts when a command or a host needs it',
    examples: ['daemon start', 'daemon start --json'],
    flags: { json: jsonFlag },
  },
  ({ json }, terminal) => startDaemonNow(json, terminal),
)

/** Starts the daemon unless it runs; prints its pid and a problem of its configuration. @throws SubagentError if none starts */
export async function startDaemonNow(json: boolean, terminal: Terminal): Promise<number> {
  const { environment, stderr } = terminal
  const running = await connectRunningDaemon(environment)
  const before = running && (await requestDaemonHealth(running))
  const isRunning = before !== undefined && !before.draining
  const health = isRunning ? before : await requestDaemonHealth(await connectLastingDaemon(environment))
  const { pid, version, configProblem } = health
  if (configProblem !== undefined) await stderr.print(`subagent-mcp: defaults are used: ${configProblem}\n`)
  return printResult(terminal, json, {
    text: `daemon ${pid} of version ${version} ${isRunning ? 'runs already' : 'has started'}`,
    data: { pid, version, started: !isRunning, ...(configProblem !== undefined && { configProblem }) },
  })
}

export const daemonStopCommand = defineTerminalCommand(
  {
    description: 'Stop the daemon: agents at work get drainSeconds of config.jsonc (10 s) to end their turns',
    details: [
      'A second stop interrupts turns immediately. An interrupted agent continues with the next message; a task of invoke must be given again.',
      'The next command or tool call of a host starts the next daemon.',
    ],
    examples: ['daemon stop', 'daemon stop --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => {
    const stopped = await stopDaemonAtTerminal(terminal)
    const result = stopped ? describeDaemonStop(stopped) : { text: noDaemonText, data: { stopped: false } }
    await printResult(terminal, json, result)
    return stopped?.type === 'stays' ? exitCode.failed : exitCode.done
  },
)

/** Stops the daemon; returns `undefined` when none runs. `restarts` tells the old daemon that a new one follows. */
export async function stopDaemonAtTerminal(
  { environment, stderr }: Terminal,
  { restarts = false } = {},
): Promise<DaemonStopOutcome | undefined> {
  const client = await connectRunningDaemon(environment)
  if (client === undefined) return undefined
  const { agents, draining } = await requestDaemonHealth(client)
  if (draining) await stderr.print('it is stopping already: turns that still run are interrupted now\n')
  else if (agents.running > 0)
    await stderr.print(
      `waiting for the turns of ${formatCountWithNoun(agents.running, 'agent')} to end ...\n`,
    )
  const { drainSeconds } = readUserSettings(environment).config.daemon
  return stopDaemon(client, { limit: drainSeconds * 1000 + endingMs, restarts })
}

/** Milliseconds that a stopped daemon may take to end, besides the time that running turns get. */
const endingMs = 10_000

export function describeDaemonStop(stopped: DaemonStopOutcome): CliResult {
  const { type, pid } = stopped
  if (type === 'stays') {
    const text = `daemon ${pid} was asked to end and still runs: subagent-mcp daemon logs shows what it does`
    return { text, data: { pid, stopped: false } }
  }
  const { hosts, interrupted } = stopped
  const first = interrupted.find(({ takesMessages }) => takesMessages)
  const isLost = interrupted.some(({ takesMessages }) => !takesMessages)
  const lines = [
    `daemon ${pid} has ended`,
    ...(hosts > 0 ? [hostsText(hosts)] : []),
    ...interrupted.map((agent) => `interrupted: ${formatAgentIdAndName(agent)}`),
    ...(first ? [`a message resumes one: subagent-mcp send ${first.id} "go on"`] : []),
    ...(isLost ? ['tasks take no message and are not resumed: invoke them again'] : []),
  ]
  const ids = interrupted.map(({ id }) => id)
  return { text: lines.join('\n'), data: { pid, stopped: true, hosts, interrupted: ids } }
}

function hostsText(hosts: number): string {
  const connect = hosts === 1 ? 'connects' : 'connect'
  return `${formatCountWithNoun(hosts, 'host')} ${connect} again as soon as a daemon runs; the next tool call starts one`
}

export const daemonRestartCommand = defineTerminalCommand(
  {
    description: 'Stop the daemon and start it again, so that changes of config.jsonc apply',
    examples: ['daemon restart', 'daemon restart --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => {
    const stopped = await stopDaemonAtTerminal(terminal, { restarts: true })
    if (stopped) await terminal.stderr.print(`${describeDaemonStop(stopped).text}\n`)
    return stopped?.type === 'stays' ? exitCode.failed : startDaemonNow(json, terminal)
  },
)
