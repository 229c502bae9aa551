import type { DaemonClient } from '@subagent-mcp/client'
import type { WorkerFleet } from '@subagent-mcp/api'
import {
  installService,
  getServiceManager,
  withCommandRunner,
  uninstallService,
  readServiceState,
  hasServiceFile,
} from '@subagent-mcp/installer'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { buildDaemonServiceCommand } from '../../service/daemon-service.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { printRemarks, printResult, type CliResult } from '../../terminal/print.js'
import { createFlagExcludesRule } from '../../command/arg-rules.js'
import { jsonFlag, textArgSchema, booleanArgSchema } from '../../command/arg-schemas.js'
import { type IdleDaemonEnd, endIdleDaemon } from '../../daemon/end-idle-daemon.js'
import { connectRunningDaemon, connectOrStartDaemon } from '../../daemon/connect-or-start-daemon.js'
import { exitCode } from '../../exit.js'
import { type FleetFilePlan, readFleetFile } from '../../fleet/fleet-file.js'
import { renderFleet } from '../../fleet/fleet-table.js'
import { refuseSubAgents } from '../../terminal/person.js'
import type { Terminal } from '../../terminal/terminal.js'
import { areWorkersRunning, waitUntilFleetStarted } from '../fleet/fleet.js'

export const serviceInstallCommand = defineTerminalCommand(
  {
    description: 'Let the system (systemd or launchd) start the daemon at login, and restart it when it ends',
    examples: ['service install', 'service install --fleet workers.yaml'],
    flags: {
      fleet: textArgSchema('file', 'Also start the workers that this YAML file lists').exactOptional(),
      print: booleanArgSchema('Print the service file that would be written, and change nothing'),
      json: jsonFlag,
    },
    rules: [createFlagExcludesRule('print', ['json'])],
  },
  async ({ fleet, print, json }, terminal) => {
    const { environment, cwd, home, stdout } = terminal
    const [manager, program] = [getServiceManager(environment), buildDaemonServiceCommand(environment)]
    // The file is read before anything is written, so that the user can correct it first.
    const plan = fleet === undefined ? undefined : readFleetFile(resolve(cwd, fleet), home)
    if (print) {
      await stdout.print(manager.text(program))
      if (fleet !== undefined && plan)
        await printRemarks(terminal, [describeFleet(resolve(cwd, fleet), plan)])
      return exitCode.done
    }
    refuseSubAgents(
      terminal,
      'a sub-agent cannot install a service',
      'the user can run: subagent-mcp service install',
    )
    const { lines, ...installed } = await withCommandRunner(environment, (run) =>
      // The daemon of the service waits while another daemon runs.
      installService({ manager, program, run }, async () => describeEnd(await endIdleDaemon(environment))),
    )
    const isUp = installed.service === 'enabled'
    const path = fleet === undefined ? undefined : resolve(cwd, fleet)
    const workers =
      path !== undefined && plan ? await bringUp({ file: path, ...plan }, isUp, terminal) : undefined
    const table = workers ? renderFleet(workers, terminal) : []
    await printResult(terminal, json, {
      text: [...lines, ...table].join('\n'),
      data: { ...installed, ...(workers && { fleet: workers }) },
    })
    const hasFailed = installed.service === 'failed' || (workers && !areWorkersRunning(workers))
    return hasFailed ? exitCode.failed : exitCode.done
  },
)

/** Describes which workers `service install --fleet` would start. The service file does not list them, because the daemon remembers them. */
function describeFleet(file: string, { workers }: FleetFilePlan): string {
  const named = workers.map(({ name = '', folder }) => revealInvisibleCharacters(`${name} in ${folder}`, 300))
  return `the command would also run: subagent-mcp fleet up ${file}\nwith these workers: ${named.join(', ')}`
}

function describeEnd(end: IdleDaemonEnd): string | undefined {
  if (end.type === 'stays') return `${end.why}; the service takes over when it ends`
  return end.type === 'lingers' ? `daemon ${end.pid} ends; the service takes over then` : undefined
}

/** Starts the workers of a fleet with the environment of the daemon, which they also get at the next login. */
async function bringUp(
  plan: FleetFilePlan & { file: string },
  isUp: boolean,
  { environment }: Terminal,
): Promise<WorkerFleet> {
  const client =
    (isUp ? await comingDaemon(environment) : undefined) ?? (await connectOrStartDaemon(environment))
  await client.fleetUp({ ...plan, pid: process.pid })
  return waitUntilFleetStarted(client, new AbortController().signal)
}

/**
 * Waits for the daemon of the service. Starts no daemon itself, because that one would prevent the service's daemon from starting.
 */
async function comingDaemon(environment: NodeJS.ProcessEnv): Promise<DaemonClient | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const client = await connectRunningDaemon(environment)
    if (client) return client
    await delay(checkEveryMs)
  }
  return undefined
}

const checkEveryMs = 100
const mostTries = 100

export const serviceUninstallCommand = defineTerminalCommand(
  {
    description: 'Stop the service that starts the daemon at login, and remove its file',
    examples: ['service uninstall', 'service uninstall --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => {
    const { environment } = terminal
    const { removed, lines } = await withCommandRunner(environment, (run) =>
      uninstallService(getServiceManager(environment), run),
    )
    return printResult(terminal, json, { text: lines.join('\n'), data: { removed } })
  },
)

export const serviceStatusCommand = defineTerminalCommand(
  {
    description: 'Show whether the service that starts the daemon at login is installed, and its state',
    examples: ['service status', 'service status --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => printResult(terminal, json, await readStatus(terminal.environment)),
)

async function readStatus(environment: NodeJS.ProcessEnv): Promise<CliResult> {
  const manager = getServiceManager(environment)
  const { path } = manager
  if (!hasServiceFile(path)) {
    const text = 'no service is installed: subagent-mcp service install'
    return { text, data: { installed: false, path } }
  }
  const state =
    (await withCommandRunner(environment, (run) => readServiceState(manager, run))) ?? 'unknown to the system'
  return { text: `${path}: ${state}`, data: { installed: true, path, state } }
}
